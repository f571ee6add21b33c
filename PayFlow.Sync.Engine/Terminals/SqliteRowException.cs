namespace PayFlow.Sync.Engine.Terminals;

/// <summary>The terminal refuses one row: a constraint, a trigger of the POS program, a type of a STRICT table. The statement was undone; the transaction goes on.</summary>
internal sealed class SqliteRowException(string message) : Exception(message);
