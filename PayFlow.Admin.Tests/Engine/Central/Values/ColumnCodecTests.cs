using PayFlow.Sync.Engine.Changes;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Values;

public sealed class ColumnCodecTests(TravelBench bench) : IClassFixture<TravelBench>
{
    /// <summary>Type, and values in their neutral forms, which must come back as they went; <c>i:</c> is an integer, <c>r:</c> a double, <c>b:</c> a blob in hex, anything else text.</summary>
    public static TheoryData<string, string[]> NeutralForms => new()
    {
        { "boolean", ["i:0", "i:1"] },
        { "smallint", ["i:0", "i:-32768", "i:32767"] },
        { "integer", ["i:-2147483648", "i:2147483647"] },
        { "bigint", ["i:-9223372036854775808", "i:9223372036854775807"] },
        { "real", ["r:0.1", "r:1000000", "r:1E+15", "r:-3.4028235E+38", "r:1E-45", "r:Infinity", "NaN"] },
        { "double precision", ["r:0.1", "r:1E+20", "r:123456789012345680", "r:1E+15", "r:1E+16", "r:99999999999999984", "r:1E+17", "r:1000000000000000.1", "r:-9007199254740992", "r:1E-05", "r:0.0001", "r:5E-324", "r:1.7976931348623157E+308", "r:Infinity", "r:-Infinity", "NaN"] },
        { "numeric(15,4)", ["12.5000", "-0.0001", "99999999999.9999", "0.0000", "NaN"] },
        { "numeric(28,28)", ["0.1234567890123456789012345678"] },
        { "numeric(38,10)", ["1234567890123456789012345678.0123456789", "-1.0000000000", "NaN"] },
        { "numeric(4,-2)", ["123400", "-500", "0"] },
        { "numeric(2,4)", ["0.0099", "0.0001", "-0.0012"] },
        { "numeric", ["1.50", "0", "-0.00000000000000000000000000000000000001", "1" + new string('7', 900) + "." + new string('3', 200) + "0", "100000000000000000000000000000000", "NaN", "Infinity", "-Infinity"] },
        { "money", ["12.50", "-92233720368547758.08", "0.01"] },
        { "text", ["", "abc", "ABC", "  blank  ", "Größe 😀", "NULL", "\\N", "'\"\\"] },
        { "text COLLATE any_case", ["abc", "ABC"] },
        { "varchar(5)", ["", "abcde", "😀😀😀😀😀"] },
        { "char(5)", ["", "ab", "abcde"] },
        { "name", ["a name"] },
        { "citext", ["abc", "ABC"] },
        { "\"char\"", ["a", ""] },
        { "bytea", ["b:", "b:00ff10"] },
        { "date", ["2024-02-29", "0001-01-01", "9999-12-31", "10000-01-01", "5874897-12-31", "0044-03-15 BC", "infinity", "-infinity"] },
        { "time", ["00:00:00", "23:59:59.999999", "12:30:00.5", "24:00:00"] },
        { "timestamp", ["2024-01-31T23:59:59.123456", "2024-01-31T00:00:00", "1999-12-31T23:59:59.9", "0001-01-01T00:00:00", "0044-03-15T12:00:00.5 BC", "294276-12-31T23:59:59.999999", "infinity", "-infinity"] },
        { "timestamptz", ["2024-01-31T23:59:59.123456Z", "1969-07-20T20:17:40Z", "0044-03-15T12:00:00Z BC", "10000-01-01T00:00:00Z", "infinity", "-infinity"] },
        { "timestamptz(3)", ["2024-01-31T23:59:59.123Z"] },
        { "uuid", ["0f8fad5b-d9cb-469f-a165-70867728950e"] },
        { "json", ["{\"b\": 1,  \"a\": 2}", "null", "\"\\u0000\"", "1.50"] },
        { "jsonb", ["{\"a\": 2, \"b\": [1, 2.50]}", "\"text\"", "true"] },
        { "interval", ["1 year 2 mons 3 days 04:05:06.7", "-1 days", "00:00:00"] },
        { "interval(1)", ["00:00:00.1"] },
        { "interval hour to minute", ["01:02:00"] },
        { "timetz", ["12:00:00+02"] },
        { "inet", ["10.0.0.1", "10.0.0.0/8", "::1"] },
        { "cidr", ["10.0.0.0/8"] },
        { "macaddr", ["08:00:2b:01:02:03"] },
        { "bit(5)", ["10110"] },
        { "bit", ["1"] },
        { "varbit", ["", "101"] },
        { "xml", ["<a>1</a>", "just text"] },
        { "int[]", ["{1,2,NULL}", "{}"] },
        { "numeric(5,2)[]", ["{1.50,2.00}"] },
        { "varchar(3)[]", ["{abc,\"a b\"}"] },
        { "mood", ["sad", "it's fine"] },
        { "mood[]", ["{sad,ok}"] },
        { "shop.size", ["S", "M"] },
        { "shop.size[]", ["{S,M}"] },
        { "point", ["(1,2)"] },
        { "int4range", ["[1,5)", "empty"] },
        { "tsvector", ["'a' 'fat'"] },
        { "oid", ["4294967295"] },
        { "pg_lsn", ["16/B374D848"] },
        { "price", ["0.00", "12345678.90"] },
        { "code", ["abcde"] },
        { "host", ["10.0.0.1"] },
        { "feeling", ["ok"] },
        { "span", ["00:00:01.25"] },
    };

    [Theory]
    [MemberData(nameof(NeutralForms))]
    public async Task Every_type_comes_back_in_the_form_in_which_it_went(string type, string[] values)
    {
        var table = await bench.TableAsync(type);
        var sent = values.Select(Value).Append(CellValue.Null).ToArray();
        Assert.Equal(sent, await table.SendAsync(sent));
    }

    /// <summary>Type, what a sloppy till holds, what central makes of it.</summary>
    public static TheoryData<string, string, string> Spellings => new()
    {
        { "boolean", "True", "i:1" },
        { "boolean", "no", "i:0" },
        { "boolean", "r:1", "i:1" },
        { "integer", "42", "i:42" },
        { "integer", "007", "i:7" },
        { "integer", "r:42", "i:42" },
        { "integer", "42.0", "i:42" },
        { "bigint", "1e3", "i:1000" },
        { "numeric", "r:0.1", "0.1" },
        { "numeric", "r:1E+20", "100000000000000000000" },
        { "numeric(10,2)", "i:5", "5.00" },
        { "numeric(10,2)", "r:12.5", "12.50" },
        { "numeric(10,2)", " 1.5 ", "1.50" },
        { "numeric(10,2)", ".5", "0.50" },
        { "money", "r:0.1", "0.10" },
        { "double precision", "i:3", "r:3" },
        { "double precision", "0.1", "r:0.1" },
        { "double precision", "nan", "NaN" },
        { "text", "i:5", "5" },
        { "text", "r:0.1", "0.1" },
        { "char(5)", "ab   ", "ab" },
        { "date", "2024-01-31T00:00:00", "2024-01-31" },
        { "date", "2024-01-31 00:00:00+02:00", "2024-01-31" },
        { "date", "i:1706659200", "2024-01-31" },
        { "timestamp", "2024-01-31", "2024-01-31T00:00:00" },
        { "timestamp", "2024-01-31 10:00:00", "2024-01-31T10:00:00" },
        { "timestamp", "2024-01-31T10:00", "2024-01-31T10:00:00" },
        { "timestamp", "2024-01-31T10:00:00+02:00", "2024-01-31T08:00:00" },
        { "timestamp", "2024-01-31T10:00:00.100Z", "2024-01-31T10:00:00.1" },
        { "timestamp", "2024-01-31T24:00:00", "2024-02-01T00:00:00" },
        { "timestamp", "i:1706745599", "2024-01-31T23:59:59" },
        { "timestamp", "i:1706745599123", "2024-01-31T23:59:59.123" },
        { "timestamp", "1706745599123", "2024-01-31T23:59:59.123" },
        { "timestamp", "i:-1", "1969-12-31T23:59:59" },
        { "timestamptz", "2024-01-31 10:00:00", "2024-01-31T10:00:00Z" },
        { "timestamptz", "2024-01-31 10:00:00 +0530", "2024-01-31T04:30:00Z" },
        { "time", "10:30", "10:30:00" },
        { "uuid", "{0F8FAD5B-D9CB-469F-A165-70867728950E}", "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { "uuid", "0F8FAD5BD9CB469FA16570867728950E", "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { "uuid", "b:0F8FAD5BD9CB469FA16570867728950E", "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { "json", "i:5", "5" },
        { "interval", "90 minutes", "01:30:00" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task A_sloppy_spelling_is_understood_and_nothing_is_altered(string type, string held, string central)
    {
        var table = await bench.TableAsync(type);
        Assert.False(table.Encode(Value(held)).IsAltered);
        Assert.Equal([Value(central)], await table.SendAsync(Value(held)));
    }

    public static TheoryData<string, string, string> Alterations => new()
    {
        { "numeric(15,4)", "1.23456", "1.2346" },
        { "numeric(15,4)", "-1.00005", "-1.0001" },
        { "numeric(15,4)", "r:0.30000000000000004", "0.3000" },
        { "numeric(38,2)", "1.005", "1.01" },
        { "numeric(4,-2)", "149", "100" },
        { "price", "9.995", "10.00" },
        { "money", "0.005", "0.01" },
        { "real", "r:0.1234567890123", "r:0.12345679" },
        { "real", "i:16777217", "r:16777216" },
        { "double precision", "i:9007199254740993", "r:9007199254740992" },
        { "double precision", "0.1000000000000000000001", "r:0.1" },
        { "varchar(3)", "abc  ", "abc" },
        { "timestamp(3)", "2024-01-31T10:00:00.123456", "2024-01-31T10:00:00.123" },
        { "timestamp(3)", "1999-12-31T10:00:00.1235", "1999-12-31T10:00:00.123" },
        { "timestamptz(0)", "2024-01-31T23:59:59.5Z", "2024-02-01T00:00:00Z" },
        { "timestamp", "2024-01-31T10:00:00.1234567", "2024-01-31T10:00:00.123457" },
        { "time(0)", "10:00:00.5", "10:00:01" },
        { "interval(1)", "00:00:00.12", "00:00:00.1" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public async Task What_the_columns_own_precision_alters_is_marked_as_altered(string type, string sent, string central)
    {
        var table = await bench.TableAsync(type);
        Assert.True(table.Encode(Value(sent)).IsAltered);
        Assert.Equal([Value(central)], await table.SendAsync(Value(sent)));
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "integer", "abc", "'abc' is not a number" },
        { "integer", "", "'' is not a number" },
        { "integer", "1.5", "1.5 is not a whole number" },
        { "integer", "r:1.5", "1.5 is not a whole number" },
        { "smallint", "i:40000", "40000 is outside smallint" },
        { "bigint", "9223372036854775808", "9223372036854775808 is outside bigint" },
        { "integer", "b:00ff", "a blob of 2 bytes is not a number" },
        { "boolean", "i:2", "2 is not a boolean" },
        { "boolean", "", "'' is not a boolean" },
        { "numeric(5,2)", "12345.6", "12345.6 has more than 3 digits before the point for numeric(5,2)" },
        { "numeric(5,2)", "999.995", "999.995 has more than 3 digits before the point for numeric(5,2)" },
        { "numeric(5,2)", "r:Infinity", "Infinity does not fit numeric(5,2)" },
        { "numeric(38,2)", "1e36", "1e36 has more than 36 digits before the point for numeric(38,2)" },
        { "numeric", "1,5", "'1,5' is not a number" },
        { "real", "r:1E+39", "1E+39 is outside real" },
        { "double precision", "1e400", "1e400 is outside double precision" },
        { "text", "b:00", "a blob of 1 bytes is not text" },
        { "text", "a\0b", "text holds a NUL character" },
        { "varchar(3)", "abcd", "'abcd' is longer than 3 characters" },
        { "char(3)", "abcd", "'abcd' is longer than 3 characters" },
        { "bytea", "abc", "'abc' is not a blob" },
        { "date", "2024-13-01", "'2024-13-01' is not a date" },
        { "date", "2023-02-29", "'2023-02-29' is not a date" },
        { "date", "", "'' is not a date" },
        { "date", "2024-01-31T10:00:00", "'2024-01-31T10:00:00' has a time of day, which a date cannot hold" },
        { "timestamp", "yesterday", "'yesterday' is not a date and time" },
        { "timestamp", "20240131235959", "'20240131235959' is not a date and time" },
        { "timestamp", "r:2460000.5", "2460000.5 is not a date and time" },
        { "timestamp", "500000-01-01", "'500000-01-01' is outside timestamp" },
        { "time", "25:00", "'25:00' is not a time of day" },
        { "uuid", "abc", "'abc' is not a uuid" },
        { "json", "{a:1}", "'{a:1}' is not JSON" },
        { "json", "", "'' is not JSON" },
        { "jsonb", "\"\\u0000\"", "text holds a NUL character" },
        { "\"char\"", "ab", "'ab' is longer than one byte" },
        { "mood", "b:00", "a blob of 1 bytes is not text" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_be_held_is_refused_in_words(string type, string value, string reason) =>
        Assert.Equal(reason, (await bench.TableAsync(type)).Refusal(Value(value)));

    [Fact]
    public async Task A_lone_surrogate_is_refused_before_it_can_fail_the_copy() =>
        Assert.Equal("text is not valid Unicode", (await bench.TableAsync("text")).Refusal(CellValue.Of("a\uD800b")));

    /// <summary>Types whose check happens at the target: the COPY into the staging table succeeds, the insert raises, and nothing is cut.</summary>
    [Theory]
    [InlineData("price", "-1", "23514")]
    [InlineData("code", "bad", "23514")]
    [InlineData("bit(5)", "101", "22026")]
    [InlineData("bit", "101", "22026")]
    [InlineData("varbit(2)", "101", "22001")]
    [InlineData("varchar(3)[]", "{abcd}", "22001")]
    [InlineData("mood", "angry", "22P02")]
    [InlineData("inet", "nowhere", "22P02")]
    [InlineData("jsonb", "\"\\ud800\"", "22P02")]
    public async Task What_central_itself_has_to_judge_fails_at_the_target_and_never_in_the_copy(string type, string value, string state)
    {
        var table = await bench.TableAsync(type);
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => table.SendAsync(Value(value)));
        Assert.Equal(state, error.SqlState);
        Assert.DoesNotContain("COPY", error.Where ?? "", StringComparison.Ordinal);
    }

    /// <summary>Two values of a type, and whether central takes them for the same.</summary>
    [Theory]
    [InlineData("numeric", "1.50", "1.5", true)]
    [InlineData("timestamptz", "2024-01-31T10:00:00+02:00", "2024-01-31T08:00:00Z", true)]
    [InlineData("text", "abc", "ABC", false)]
    [InlineData("text COLLATE any_case", "abc", "ABC", false)]
    [InlineData("citext", "abc", "ABC", false)]
    [InlineData("text", "ab", "ab ", false)]
    [InlineData("char(4)", "ab", "ab ", true)]
    [InlineData("json", "{\"a\":1,\"b\":2}", "{\"b\": 2, \"a\": 1.0}", true)]
    [InlineData("jsonb", "[1,2]", "[2,1]", false)]
    [InlineData("json", "\"\\u0000\"", "\"a\"", false)]
    [InlineData("double precision", "NaN", "NaN", true)]
    [InlineData("interval", "90 minutes", "1 hour 30 minutes", true)]
    [InlineData("macaddr", "08-00-2b-01-02-03", "08:00:2B:01:02:03", true)]
    [InlineData("money", "1.5", "1.50", true)]
    [InlineData("xml", "<a/>", "<a></a>", false)]
    public async Task Comparables_are_equal_exactly_when_the_values_are(string type, string a, string b, bool same)
    {
        var table = await bench.TableAsync(type);
        await table.SendAsync(CellValue.Of(a), CellValue.Of(b));
        await using var command = bench.Source.CreateCommand($"""
            SELECT {table.Codec.Comparable("x.v")} IS NOT DISTINCT FROM {table.Codec.Comparable("y.v")}
            FROM {table.Table} x, {table.Table} y WHERE x.n = 0 AND y.n = 1
            """);
        Assert.Equal(same, await command.ExecuteScalarAsync());
    }

    /// <summary>The change log's trigger runs in sessions of other people, whose date style is not ours.</summary>
    [Theory]
    [InlineData("boolean", "i:1")]
    [InlineData("date", "2024-01-31")]
    [InlineData("timestamp", "2024-01-31T10:00:00.5")]
    [InlineData("timestamptz", "2024-01-31T10:00:00.5Z")]
    [InlineData("timestamptz", "infinity")]
    [InlineData("bytea", "b:00ff")]
    [InlineData("double precision", "r:1E+20")]
    [InlineData("numeric(15,4)", "12.5000")]
    [InlineData("char(5)", "ab")]
    public async Task A_keys_text_is_the_same_in_a_session_that_is_not_ours(string type, string value)
    {
        var table = await bench.TableAsync(type);
        await table.SendAsync(Value(value));
        await using var command = bench.Foreign.CreateCommand($"SELECT {table.Codec.KeyText("v")} FROM {table.Table}");
        Assert.Equal(Value(value).ToString(), await command.ExecuteScalarAsync());
    }

    private static CellValue Value(string spec) => spec switch
    {
        ['i', ':', ..] => CellValue.Of(long.Parse(spec[2..], System.Globalization.CultureInfo.InvariantCulture)),
        ['r', ':', ..] => CellValue.Of(double.Parse(spec[2..], System.Globalization.CultureInfo.InvariantCulture)),
        ['b', ':', ..] => CellValue.Of(Convert.FromHexString(spec[2..])),
        _ => CellValue.Of(spec),
    };
}
