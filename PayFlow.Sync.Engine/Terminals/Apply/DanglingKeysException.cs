namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Rows that were written together leave a foreign key dangling: their transaction is rolled back, and they are written page by page.</summary>
internal sealed class DanglingKeysException() : Exception("A foreign key dangles.");
