using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/register</c>: makes a device of whoever has a code.</summary>
/// <param name="Code">The one-time code that an administrator gave.</param>
/// <param name="Attempt">A random text of at least 16 characters that the device keeps until it has its key: with it the same request may be sent again when the answer was lost.</param>
/// <param name="Terminal">The id that the terminal is to have; null: the one that the code names.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Lineage">Of a file that was attached under this id before: what it remembers. Another file begins a history of its own.</param>
public sealed record RegisterRequest([property: JsonRequired] string Code, [property: JsonRequired] string Attempt, string? Terminal = null, string? Name = null, Guid? Lineage = null);
