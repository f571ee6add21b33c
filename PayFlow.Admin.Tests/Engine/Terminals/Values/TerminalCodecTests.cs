using System.Globalization;
using Microsoft.Data.Sqlite;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Values;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Values;

/// <summary>In the data <c>i:</c> is an integer, <c>r:</c> a double, <c>b:</c> a blob in hex, anything else text.</summary>
public sealed class TerminalCodecTests
{
    /// <summary>Central's meaning, the terminal's declared type, central's value, what the column holds afterwards.</summary>
    public static TheoryData<LogicalType, string, string, string> Stored => new()
    {
        { LogicalType.Integer, "INTEGER", "i:5", "i:5" },
        { LogicalType.Integer, "TEXT", "i:5", "5" },
        { LogicalType.Integer, "REAL", "i:5", "r:5" },
        { LogicalType.Integer, "", "i:5", "i:5" },
        { LogicalType.Integer, "BIGINT", "i:9223372036854775807", "i:9223372036854775807" },
        { LogicalType.Boolean, "BOOLEAN", "i:1", "i:1" },
        { LogicalType.Boolean, "VARCHAR(5)", "i:1", "1" },
        { LogicalType.Float, "REAL", "r:0.1", "r:0.1" },
        { LogicalType.Float, "TEXT", "r:0.30000000000000004", "0.30000000000000004" },
        { LogicalType.Float, "NUMERIC", "r:3", "i:3" },
        { LogicalType.Float, "NUMERIC", "r:1E+300", "r:1E+300" },
        { LogicalType.Float, "INTEGER", "r:9.223372036854776E+18", "r:9.223372036854776E+18" },
        { LogicalType.Float, "INTEGER", "r:-9.223372036854776E+18", "r:-9.223372036854776E+18" },
        { LogicalType.Float, "INTEGER", "r:9007199254740993", "i:9007199254740992" },
        { LogicalType.Float, "INT", "r:4611686018427387904", "i:4611686018427387904" },
        { LogicalType.Float, "REAL", "NaN", "NaN" },
        { LogicalType.Float, "REAL", "r:Infinity", "r:Infinity" },
        { LogicalType.Float, "TEXT", "r:Infinity", "Infinity" },
        { LogicalType.Decimal, "TEXT", "12345678901234567.89", "12345678901234567.89" },
        { LogicalType.Decimal, "", "12.50", "12.50" },
        { LogicalType.Decimal, "DECIMAL(15,4)", "12.5000", "r:12.5" },
        { LogicalType.Decimal, "DECIMAL(15,4)", "12.0000", "i:12" },
        { LogicalType.Decimal, "NUMERIC", "-0.1", "r:-0.1" },
        { LogicalType.Decimal, "REAL", "12.0000", "r:12" },
        { LogicalType.Decimal, "NUMERIC", "100000000000000000000", "r:1E+20" },
        { LogicalType.Decimal, "NUMERIC", "9007199254740993", "i:9007199254740993" },
        { LogicalType.Decimal, "NUMERIC", "0.30000000000000004", "r:0.30000000000000004" },
        { LogicalType.Decimal, "NUMERIC", "NaN", "NaN" },
        { LogicalType.Decimal, "NUMERIC", "Infinity", "Infinity" },
        { LogicalType.Decimal, "INTEGER", "2.50", "r:2.5" },
        { LogicalType.Text, "TEXT", "007", "007" },
        { LogicalType.Text, "STRING", "abc", "abc" },
        { LogicalType.Text, "STRING", "7", "i:7" },
        { LogicalType.Text, "STRING", "1.5", "r:1.5" },
        { LogicalType.Text, "STRING", "", "" },
        { LogicalType.Text, "STRING", "0x10", "0x10" },
        { LogicalType.Text, "STRING", "1e", "1e" },
        { LogicalType.Text, "STRING", "inf", "inf" },
        { LogicalType.Text, "REAL", "5", "r:5" },
        { LogicalType.Other, "INTEGER", "01:30:00", "01:30:00" },
        { LogicalType.Json, "JSON", "{\"a\": 1}", "{\"a\": 1}" },
        { LogicalType.Json, "JSON", "5", "i:5" },
        { LogicalType.Bytes, "BLOB", "b:00ff", "b:00ff" },
        { LogicalType.Bytes, "TEXT", "b:00ff", "b:00ff" },
        { LogicalType.Bytes, "INTEGER", "b:31", "b:31" },
        { LogicalType.Uuid, "UUID", "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { LogicalType.Uuid, "", "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { LogicalType.Uuid, "BLOB", "0f8fad5b-d9cb-469f-a165-70867728950e", "b:0f8fad5bd9cb469fa16570867728950e" },
        { LogicalType.Time, "TIME", "10:30:00.5", "10:30:00.5" },
        { LogicalType.Timestamp, "DATETIME", "2024-01-31T10:00:00.5", "2024-01-31T10:00:00.5" },
        { LogicalType.TimestampTz, "TEXT", "2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z" },
        { LogicalType.Timestamp, "INTEGER", "2024-01-31T10:00:00.123", "i:1706695200123" },
        { LogicalType.Date, "DATE", "2024-01-31", "2024-01-31" },
        { LogicalType.Date, "DATE", "infinity", "infinity" },
        { LogicalType.Date, "INTEGER", "2024-01-31", "i:1706659200000" },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void What_is_bound_is_what_SQLite_holds_and_it_goes_up_with_the_same_meaning(LogicalType logical, string type, string neutral, string expected)
    {
        var codec = Codec(logical, type);
        Assert.True(codec.TryToTerminal(Value(neutral), out var stored, out var refusal), refusal);
        Assert.Equal(Value(expected), stored);
        Assert.Equal(stored, ThroughSqlite(type, stored));
        Assert.True(codec.Same(stored, Value(expected)));
        Assert.True(codec.TryToTerminal(codec.ToNeutral(stored), out var again, out refusal), refusal);
        Assert.Equal(stored, again);
    }

    public static TheoryData<LogicalType, string, string, string> Refusals => new()
    {
        { LogicalType.Decimal, "NUMERIC", "12345678901234567.89", "12345678901234567.89 cannot be held exactly by a NUMERIC column; declare it TEXT" },
        { LogicalType.Decimal, "REAL", "9007199254740993", "9007199254740993 cannot be held exactly by a REAL column; declare it TEXT" },
        { LogicalType.Decimal, "NUMERIC", "0.1000000000000000000001", "0.1000000000000000000001 cannot be held exactly by a NUMERIC column; declare it TEXT" },
        { LogicalType.Decimal, "NUMERIC", "12345678901234567890", "12345678901234567890 cannot be held exactly by a NUMERIC column; declare it TEXT" },
        { LogicalType.Integer, "REAL", "i:9007199254740993", "9007199254740993 cannot be held exactly by a REAL column; declare it TEXT" },
        { LogicalType.Text, "STRING", "007", "'007' is text, and SQLite makes the number 7 of it in a STRING column; declare it TEXT" },
        { LogicalType.Text, "NUMERIC", "1.50", "'1.50' is text, and SQLite makes the number 1.5 of it in a NUMERIC column; declare it TEXT" },
        { LogicalType.Text, "INTEGER", " 5", "' 5' is text, and SQLite makes the number 5 of it in a INTEGER column; declare it TEXT" },
        { LogicalType.Text, "INTEGER", "1e5", "'1e5' is text, and SQLite makes the number 100000 of it in a INTEGER column; declare it TEXT" },
        { LogicalType.Text, "NUMERIC", "1e999999999999", "'1e999999999999' is text, and SQLite makes the number Infinity of it in a NUMERIC column; declare it TEXT" },
        { LogicalType.Timestamp, "INTEGER", "2024-01-31T10:00:00.1234", "'2024-01-31T10:00:00.1234' cannot be held exactly by a column of milliseconds since 1970" },
        { LogicalType.Timestamp, "INTEGER", "infinity", "'infinity' cannot be held exactly by a column of milliseconds since 1970" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_a_column_would_alter_is_refused_in_words(LogicalType logical, string type, string neutral, string reason)
    {
        Assert.False(Codec(logical, type).TryToTerminal(Value(neutral), out _, out var refusal));
        Assert.Equal(reason, refusal);
        if (logical == LogicalType.Text)
            Assert.NotEqual(Value(neutral), ThroughSqlite(type, Value(neutral)));
    }

    /// <summary>The column's style, central's value, the spelling.</summary>
    [Theory]
    [InlineData(LogicalType.TimestampTz, InstantStyle.IsoZulu, "2024-01-31T10:00:00.5Z", "2024-01-31T10:00:00.5Z")]
    [InlineData(LogicalType.TimestampTz, InstantStyle.IsoLocal, "2024-01-31T10:00:00.5Z", "2024-01-31T10:00:00.5")]
    [InlineData(LogicalType.TimestampTz, InstantStyle.Space, "2024-01-31T10:00:00.5Z", "2024-01-31 10:00:00.5")]
    [InlineData(LogicalType.Timestamp, InstantStyle.IsoZulu, "2024-01-31T10:00:00", "2024-01-31T10:00:00Z")]
    [InlineData(LogicalType.Timestamp, InstantStyle.DateOnly, "2024-01-31T00:00:00", "2024-01-31")]
    [InlineData(LogicalType.Timestamp, InstantStyle.DateOnly, "2024-01-31T10:00:00", "2024-01-31 10:00:00")]
    [InlineData(LogicalType.Timestamp, InstantStyle.EpochSeconds, "2024-01-31T10:00:00", "i:1706695200")]
    [InlineData(LogicalType.Timestamp, InstantStyle.EpochSeconds, "9999-12-31T23:59:59", "i:253402300799")]
    [InlineData(LogicalType.Timestamp, InstantStyle.EpochSeconds, "1969-12-31T23:59:59", "i:-1")]
    [InlineData(LogicalType.TimestampTz, InstantStyle.EpochMilliseconds, "1970-01-01T00:00:00.001Z", "i:1")]
    [InlineData(LogicalType.Date, InstantStyle.Space, "2024-01-31", "2024-01-31 00:00:00")]
    [InlineData(LogicalType.Date, InstantStyle.IsoZulu, "2024-01-31", "2024-01-31T00:00:00Z")]
    [InlineData(LogicalType.Date, InstantStyle.EpochSeconds, "2024-01-31", "i:1706659200")]
    public void An_instant_is_spelled_as_the_column_spells_it_and_goes_up_neutral(LogicalType logical, InstantStyle style, string neutral, string spelled)
    {
        var codec = Codec(logical, "", style);
        Assert.True(codec.TryToTerminal(CellValue.Of(neutral), out var stored, out var refusal), refusal);
        Assert.Equal(Value(spelled), stored);
        Assert.Equal(CellValue.Of(neutral), codec.ToNeutral(stored));
    }

    [Theory]
    [InlineData("2024-01-31T10:00:00.001", "'2024-01-31T10:00:00.001' cannot be held exactly by a column of seconds since 1970")]
    [InlineData("10000-01-01T00:00:00", "'10000-01-01T00:00:00' cannot be held exactly by a column of seconds since 1970")]
    public void An_instant_finer_or_farther_than_whole_seconds_is_refused_by_a_column_of_seconds(string neutral, string reason)
    {
        Assert.False(Codec(LogicalType.Timestamp, "INTEGER", InstantStyle.EpochSeconds).TryToTerminal(CellValue.Of(neutral), out _, out var refusal));
        Assert.Equal(reason, refusal);
    }

    [Theory]
    [InlineData(LogicalType.Decimal, "r:1.5", "1.50", true)]
    [InlineData(LogicalType.Decimal, "i:12", "12.0000", true)]
    [InlineData(LogicalType.Decimal, "12.01", "12.0100001", false)]
    [InlineData(LogicalType.Decimal, "abc", "ABC", false)]
    [InlineData(LogicalType.Integer, "r:5", "i:5", true)]
    [InlineData(LogicalType.Integer, "5", "i:5", true)]
    [InlineData(LogicalType.Integer, "", "i:0", false)]
    [InlineData(LogicalType.Float, "0.10", "r:0.1", true)]
    [InlineData(LogicalType.Float, "i:3", "r:3", true)]
    [InlineData(LogicalType.Float, "0.10000000000000000001", "r:0.1", false)]
    [InlineData(LogicalType.Boolean, "true", "i:1", true)]
    [InlineData(LogicalType.Boolean, "true", "i:0", false)]
    [InlineData(LogicalType.Boolean, "maybe", "Maybe", false)]
    [InlineData(LogicalType.Text, "abc", "ABC", false)]
    [InlineData(LogicalType.Text, "ab", "ab ", false)]
    [InlineData(LogicalType.Text, "i:5", "5", true)]
    [InlineData(LogicalType.Text, "b:35", "5", false)]
    [InlineData(LogicalType.FixedText, "ab", "ab  ", true)]
    [InlineData(LogicalType.Timestamp, "2024-01-31 10:00:00.500", "2024-01-31T10:00:00.5Z", true)]
    [InlineData(LogicalType.TimestampTz, "2024-01-31T12:00:00+02:00", "2024-01-31T10:00:00Z", true)]
    [InlineData(LogicalType.Timestamp, "2024-01-31T10:00:00.1234567", "2024-01-31T10:00:00.123457", false)]
    [InlineData(LogicalType.Timestamp, "yesterday", "Yesterday", false)]
    [InlineData(LogicalType.Date, "2024-01-31", "2024-01-31 00:00:00", true)]
    [InlineData(LogicalType.Time, "10:30", "10:30:00.000", true)]
    [InlineData(LogicalType.Uuid, "0F8FAD5B-D9CB-469F-A165-70867728950E", "b:0f8fad5bd9cb469fa16570867728950e", true)]
    [InlineData(LogicalType.Json, "{\"a\":1,\"b\":2}", "{ \"b\": 2, \"a\": 1 }", true)]
    [InlineData(LogicalType.Json, "{", "{ ", false)]
    public void Two_values_are_the_same_when_the_column_means_the_same_by_them(LogicalType logical, string a, string b, bool same)
    {
        var codec = Codec(logical, "");
        Assert.Equal(same, codec.Same(Value(a), Value(b)));
        Assert.Equal(same, codec.Same(Value(b), Value(a)));
        Assert.False(codec.Same(Value(a), CellValue.Null));
    }

    [Theory]
    [InlineData(LogicalType.Uuid, "0F8FAD5BD9CB469FA16570867728950E", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData(LogicalType.Boolean, "Yes", "i:1")]
    [InlineData(LogicalType.Integer, "r:5", "i:5")]
    [InlineData(LogicalType.Integer, "1.5", "1.5")]
    [InlineData(LogicalType.Date, "2024-01-31T10:00:00", "2024-01-31T10:00:00")]
    [InlineData(LogicalType.Date, "2024-01-31T00:00:00+02:00", "2024-01-31")]
    [InlineData(LogicalType.FixedText, "ab  ", "ab")]
    [InlineData(LogicalType.Timestamp, "2024-01-31T10:00:00.1234567", "2024-01-31T10:00:00.1234567")]
    public void What_is_certain_goes_up_in_its_neutral_form_and_the_rest_as_it_is(LogicalType logical, string stored, string neutral) =>
        Assert.Equal(Value(neutral), Codec(logical, "").ToNeutral(Value(stored)));

    [Theory]
    [InlineData("INT", 5L)]
    [InlineData("FLOATING POINT", 5L)]
    [InlineData("CHARINT", 5L)]
    [InlineData("VARCHAR(10)", "5")]
    [InlineData("CLOB", "5")]
    [InlineData("BLOB", "5")]
    [InlineData("DOUBLE", 5.0)]
    [InlineData("STRING", 5L)]
    [InlineData("", "5")]
    public void Affinity_is_determined_as_SQLite_determines_it(string type, object held)
    {
        using var file = new TerminalFile($"CREATE TABLE t (v {type}); INSERT INTO t VALUES ('5')");
        Assert.Equal(held, file.Scalar("SELECT v FROM t"));
        Assert.Equal(Affinity.Of(type).IsNumeric(), held is not string);
        Assert.Equal(Affinity.Of(type) == ColumnAffinity.Real, held is double);
    }

    private static TerminalCodec Codec(LogicalType logical, string type, InstantStyle style = InstantStyle.Default) => TerminalCodec.For(new ColumnPlan
    {
        Terminal = new ColumnSchema { Name = "v", Type = type, InstantStyle = style },
        Central = new ColumnSchema { Name = "v", Type = "", Logical = logical },
    });

    private static CellValue ThroughSqlite(string type, CellValue value)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE TABLE t (v {type}); INSERT INTO t VALUES ($v); SELECT v FROM t";
        command.Parameters.AddWithValue("$v", value.Kind switch
        {
            CellKind.Integer => value.AsInteger,
            CellKind.Real => value.AsReal,
            CellKind.Blob => value.AsBlob,
            _ => value.AsText,
        });
        return command.ExecuteScalar() switch
        {
            long integer => CellValue.Of(integer),
            double real => CellValue.Of(real),
            byte[] blob => CellValue.Of(blob),
            string text => CellValue.Of(text),
            _ => CellValue.Null,
        };
    }

    private static CellValue Value(string spec) => spec switch
    {
        ['i', ':', ..] => CellValue.Of(long.Parse(spec[2..], CultureInfo.InvariantCulture)),
        ['r', ':', ..] => CellValue.Of(double.Parse(spec[2..], CultureInfo.InvariantCulture)),
        ['b', ':', ..] => CellValue.Of(Convert.FromHexString(spec[2..])),
        _ => CellValue.Of(spec),
    };
}
