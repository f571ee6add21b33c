using NpgsqlTypes;

namespace PayFlow.Admin.Sample;

/// <summary>A column of generated rows: its name in central, its type there, and its name in a till where that differs.</summary>
public sealed record SampleColumn(string Name, NpgsqlDbType Type, string? TillName = null);
