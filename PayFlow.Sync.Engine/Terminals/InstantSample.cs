using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>
/// Learns from a few rows how a terminal's columns spell instants. SQLite has no date type (https://www.sqlite.org/datatype3.html#date_and_time_datatype),
/// so neither name nor declared type decides: a column that holds seconds must get seconds.
/// </summary>
internal static partial class InstantSample
{
    private const int Rows = 100;

    /// <summary>From here on an integer is milliseconds: as seconds it would be the year 5138.</summary>
    private const long FirstMilliseconds = 100_000_000_000;

    /// <summary>The style of each column, in the order given, from the first rows of the table.</summary>
    public static InstantStyle[] Read(SqliteConnection connection, string table, IReadOnlyList<(string Name, string Type)> columns)
    {
        // Long texts and blobs are no instants and are not worth reading.
        var parts = columns.Select(c => $"CASE WHEN typeof({SqliteName.Quote(c.Name)}) = 'blob' OR length({SqliteName.Quote(c.Name)}) > 40 THEN '' ELSE {SqliteName.Quote(c.Name)} END");
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", parts)} FROM main.{SqliteName.Quote(table)} LIMIT {Rows}";
        var tallies = columns.Select(_ => new Tally()).ToArray();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            for (var i = 0; i < tallies.Length; i++)
                tallies[i].Add(reader.GetValue(i));
        return [.. columns.Select((c, i) => tallies[i].Verdict(c.Type))];
    }

    /// <summary>The style of one text such as <c>2024-01-31 23:59:59.123</c>; null when it is no instant.</summary>
    private static InstantStyle? Classify(string text) => Iso().Match(text) switch
    {
        { Success: false } => null,
        var m when !m.Groups["time"].Success => InstantStyle.DateOnly,
        var m when m.Groups["separator"].Value == " " => InstantStyle.Space,
        var m when m.Groups["zone"].Success => InstantStyle.IsoZulu,
        _ => InstantStyle.IsoLocal,
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d((?<separator>[T ])(?<time>\d\d:\d\d(:\d\d([.,]\d+)?)?)\s?(?<zone>Z|[+-]\d\d(:?\d\d)?)?)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    /// <summary>What one column was seen to hold.</summary>
    private sealed class Tally
    {
        private readonly int[] _styles = new int[Enum.GetValues<InstantStyle>().Length];
        private int _seconds;
        private int _milliseconds;
        private int _other;

        public void Add(object value)
        {
            switch (value)
            {
                case DBNull:
                    break;
                case long number when Math.Abs((decimal)number) >= FirstMilliseconds:
                    _milliseconds++;
                    break;
                case long:
                    _seconds++;
                    break;
                case string text when Classify(text) is { } style:
                    _styles[(int)style]++;
                    break;
                default:
                    _other++;
                    break;
            }
        }

        public InstantStyle Verdict(string declaredType)
        {
            var texts = _styles.Sum();
            var numbers = _seconds + _milliseconds;
            if (texts + numbers + _other == 0)
                return declaredType.Contains("INT", StringComparison.OrdinalIgnoreCase) ? InstantStyle.EpochMilliseconds : InstantStyle.Default;
            if (_other > Math.Max(texts, numbers))
                return InstantStyle.Default;
            // An early instant in milliseconds looks like seconds; a late one is never seconds.
            if (numbers > texts)
                return _milliseconds > 0 ? InstantStyle.EpochMilliseconds : InstantStyle.EpochSeconds;
            if (_styles[(int)InstantStyle.DateOnly] > 0 && _styles[(int)InstantStyle.DateOnly] + _styles[(int)InstantStyle.Space] == texts)
                return InstantStyle.DateOnly;
            return (InstantStyle)Array.IndexOf(_styles, _styles.Max());
        }
    }
}
