using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Some rows of a stream.</summary>
/// <param name="Rows">The rows, in the stream's order.</param>
/// <param name="Checksum">The stream's checksum behind the last of them.</param>
internal sealed record LoadChunk(List<IncomingRow> Rows, ulong Checksum);
