namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary>How far the inserts of a page had been noted; what was noted behind it goes when its savepoint is rolled back.</summary>
internal readonly record struct JournalMark(int Chunks, int Length, int Count);
