using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Rows;

/// <summary>A piece of a table in key order.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="IsLast">Nothing more is behind them.</param>
public sealed record TablePiece(IReadOnlyList<DownloadedRow> Rows, bool IsLast);
