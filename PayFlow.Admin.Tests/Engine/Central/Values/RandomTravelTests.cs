using System.Globalization;
using System.Text;
using PayFlow.Sync.Engine.Changes;
using Xunit;
using Xunit.Abstractions;

namespace PayFlow.Admin.Tests.Engine.Central.Values;

/// <summary>Values nobody thought of. A failure prints the seed; set <c>PAYFLOW_TEST_SEED</c> to it to see it again.</summary>
public sealed class RandomTravelTests(TravelBench bench, ITestOutputHelper output) : IClassFixture<TravelBench>
{
    private const int Count = 2_000;
    private static readonly int? FixedSeed = int.TryParse(Environment.GetEnvironmentVariable("PAYFLOW_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : null;

    public static TheoryData<string> Types =>
    [
        "bigint", "double precision", "real", "numeric", "numeric(20,6)", "numeric(60,30)", "text", "bytea", "date", "time", "timestamp", "timestamptz", "uuid", "jsonb",
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_random_value_in_its_neutral_form_comes_back_unchanged(string type)
    {
        var seed = FixedSeed ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var table = await bench.TableAsync(type);
        // Of two equally short decimals of one double, PostgreSQL and .NET may each print the other.
        table.ChecksKeyText = type is not ("double precision" or "real");
        var sent = Enumerable.Range(0, Count).Select(_ => Make(type, random)).ToArray();
        Assert.All(sent, value => Assert.False(table.Encode(value).IsAltered, value.ToString()));
        var read = await table.SendAsync(sent);
        Assert.All(sent.Zip(read), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public async Task A_numeric_is_rounded_exactly_as_PostgreSQL_rounds_it()
    {
        var seed = FixedSeed ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var narrow = await bench.TableAsync("numeric(40,3)");
        var texts = Enumerable.Range(0, Count).Select(_ => Number(random, 30, random.Next(0, 7), trim: false)).ToArray();
        var read = await narrow.SendAsync([.. texts.Select(CellValue.Of)]);
        await using var command = bench.Source.CreateCommand("SELECT t::numeric(40,3)::text, t::numeric <> t::numeric(40,3) FROM unnest($1) WITH ORDINALITY AS u(t, n) ORDER BY n");
        command.Parameters.AddWithValue(texts);
        await using var reader = await command.ExecuteReaderAsync();
        for (var i = 0; await reader.ReadAsync(); i++)
        {
            Assert.Equal(reader.GetString(0), read[i].AsText);
            Assert.Equal(reader.GetBoolean(1), narrow.Encode(CellValue.Of(texts[i])).IsAltered);
        }
    }

    private static CellValue Make(string type, Random random) => type switch
    {
        "bigint" => CellValue.Of(random.NextInt64(long.MinValue, long.MaxValue)),
        "double precision" => CellValue.Of(Finite(() => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))),
        "real" => CellValue.Of(double.Parse(FiniteSingle(random).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        "numeric" => CellValue.Of(Number(random, random.Next(1, 60), random.Next(0, 60), trim: true)),
        "numeric(20,6)" => CellValue.Of(Number(random, 14, 6, trim: true)),
        "numeric(60,30)" => CellValue.Of(Number(random, 30, 30, trim: true)),
        "text" => CellValue.Of(Text(random)),
        "bytea" => CellValue.Of(Bytes(random, random.Next(0, 50))),
        "date" => CellValue.Of(IsoText.Date(random.Next(-2_451_545, 2_145_031_949))),
        "time" => CellValue.Of(IsoText.Time(random.NextInt64(0, IsoInstant.MicrosecondsPerDay))),
        "timestamp" => CellValue.Of(IsoText.Timestamp(Instant(random), zulu: false)),
        "timestamptz" => CellValue.Of(IsoText.Timestamp(Instant(random), zulu: true)),
        "uuid" => CellValue.Of(new Guid(Bytes(random, 16)).ToString()),
        _ => CellValue.Of($"{{\"a\": {random.Next()}, \"b\": [{random.Next()}, null, \"ü\"]}}"),
    };

    /// <summary>Half of them in our time, the others anywhere between 4713 BC and 294276 AD.</summary>
    private static long Instant(Random random) => random.Next(2) == 0
        ? random.NextInt64(0, 50L * 366 * IsoInstant.MicrosecondsPerDay)
        : random.NextInt64(-211_813_488_000_000_000, 9_223_371_331_200_000_000);

    private static double Finite(Func<double> next)
    {
        double value;
        do
            value = next();
        while (!double.IsFinite(value));
        return value;
    }

    private static float FiniteSingle(Random random)
    {
        float value;
        do
            value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
        while (!float.IsFinite(value));
        return value;
    }

    /// <summary>A number as PostgreSQL prints it: no leading zeros, as many digits after the point as given.</summary>
    private static string Number(Random random, int whole, int fraction, bool trim)
    {
        var digits = new StringBuilder();
        var length = random.Next(0, whole + 1);
        for (var i = 0; i < length; i++)
            digits.Append((char)('0' + random.Next(10)));
        var before = digits.ToString().TrimStart('0') is { Length: > 0 } some ? some : "0";
        digits.Clear();
        for (var i = 0; i < fraction; i++)
            digits.Append((char)('0' + (random.Next(3) == 0 ? 0 : random.Next(10))));
        var number = fraction > 0 ? $"{before}.{digits}" : before;
        var isZero = !number.AsSpan().ContainsAnyInRange('1', '9');
        return random.Next(2) == 0 && !(trim && isZero) ? "-" + number : number;
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(0, 40); i > 0; i--)
        {
            var rune = random.Next(4) switch
            {
                0 => random.Next(0x10000, 0x10FFFF),
                1 => random.Next(0x80, 0xD7FF),
                _ => random.Next(1, 0x7F),
            };
            text.Append(new Rune(rune).ToString());
        }
        return text.ToString();
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
