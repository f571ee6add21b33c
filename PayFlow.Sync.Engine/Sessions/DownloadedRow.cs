using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>One central row on its way down.</summary>
/// <param name="Key">Central's key as text.</param>
/// <param name="Values">The plan's columns, neutral; null when the row is gone or is none of this terminal's business (its filter).</param>
public readonly record struct DownloadedRow(string Key, CellValue[]? Values);
