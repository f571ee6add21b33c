using System.Globalization;
using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Capture;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Capture;

/// <summary>An image made by SQLite inside a trigger is what the row held, to the last bit.</summary>
public sealed class ImageJsonTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public ImageJsonTests()
    {
        _connection.Open();
        Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x)");
    }

    [Fact]
    public void A_hundred_thousand_doubles_of_any_bits_come_back_bit_by_bit()
    {
        var random = new Random(20240131);
        var values = new List<double> { 0.0, double.PositiveInfinity, double.NegativeInfinity, 0.1, 0.1 + 0.2, 1e22, 1e23, 9007199254740993, 123456789.123456789, 1e45, -1e-45 };
        // Any significand, any exponent that a shop, a bank or a laboratory has a use for.
        while (values.Count < 80_000)
            values.Add((random.Next(2) * 2 - 1) * BitConverter.Int64BitsToDouble(random.NextInt64(1L << 52) | ((long)(1023 + random.Next(-150, 150)) << 52)));
        while (values.Count < 100_000)
            values.Add(Math.Round(random.NextDouble() * Math.Pow(10, random.Next(10)), random.Next(6)));

        Insert(values.Cast<object>());

        Assert.Equal(values.Count, Compare(value => BitConverter.DoubleToInt64Bits(value.AsReal), column => BitConverter.DoubleToInt64Bits((double)column)));
    }

    [Fact]
    public void Doubles_beyond_1e45_and_below_1e_minus_45_come_back_within_their_last_bits()
    {
        var random = new Random(20240131);
        Insert(Enumerable.Range(0, 20_000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite).Append(double.MaxValue).Append(double.Epsilon).Cast<object>());

        Assert.All(Images(), i => Assert.InRange(Math.Abs(BitConverter.DoubleToInt64Bits(i.Image.AsReal) - BitConverter.DoubleToInt64Bits((double)i.Stored)), 0, 4));
    }

    [Fact]
    public void Minus_zero_means_zero()
    {
        Insert([-0.0]);

        Assert.Equal(0.0, Images().Single().Image.AsReal);
    }

    [Fact]
    public void Integers_of_64_bits_come_back()
    {
        var random = new Random(1);
        Insert(new object[] { long.MinValue, long.MaxValue, 0L, -1L, 9007199254740993L }.Concat(Enumerable.Range(0, 2_000).Select(_ => (object)random.NextInt64(long.MinValue, long.MaxValue))));

        Assert.Equal(2_005, Compare(value => value.AsInteger, column => (long)column));
    }

    [Fact]
    public void Text_comes_back_letter_by_letter()
    {
        var random = new Random(2);
        var letters = new[] { "\"", "\\", "'", "/", "\b", "\f", "\n", "\r", "\t", "\u0001", "\u001f", "\u007f", "\u2028", "é", "e\u0301", "ß", "日本", "🍵", "👩‍👩‍👧", "\ufeff", "\uffff", "</script>", "\\u0041", "a", " ", "" };
        var texts = Enumerable.Range(0, 5_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => letters[random.Next(letters.Length)])));
        Insert(texts.Cast<object>().Append(string.Empty).Append(new string('x', 200_000)));

        Assert.Equal(5_002, Compare(value => value.AsText, column => (string)column));
    }

    [Fact]
    public void Blobs_come_back_byte_by_byte()
    {
        var random = new Random(3);
        Insert(Enumerable.Range(0, 500).Select(i =>
        {
            var bytes = new byte[i];
            random.NextBytes(bytes);
            return (object)bytes;
        }));

        Assert.Equal(500, Compare(value => Convert.ToHexString(value.AsBlob), column => Convert.ToHexString((byte[])column)));
    }

    [Fact]
    public void A_table_of_200_columns_with_odd_names_comes_back()
    {
        var columns = Enumerable.Range(0, 200).Select(i => i % 7 == 0 ? $"c'{i}\"" : "c" + i.ToString(CultureInfo.InvariantCulture)).ToList();
        Execute($"CREATE TABLE wide ({string.Join(", ", columns.Select(Quote))}); INSERT INTO wide VALUES ({string.Join(", ", columns.Select((_, i) => i % 3 == 0 ? "NULL" : i.ToString(CultureInfo.InvariantCulture)))})");

        var image = ImageJson.Read(Scalar($"SELECT {ImageJson.Expression("w", columns)} FROM wide w"), columns);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? CellValue.Null : CellValue.Of(i)), image);
    }

    [Fact]
    public void What_was_read_is_written_so_that_it_reads_the_same()
    {
        CellValue[] values = [CellValue.Of(0.1 + 0.2), CellValue.Of("a\"\\\u0001🍵"), CellValue.Of([0, 255]), CellValue.Of(long.MinValue), CellValue.Null, CellValue.Of(double.PositiveInfinity)];
        string[] columns = ["a", "b", "c", "d", "e", "f"];

        Assert.Equal(values, ImageJson.Read(ImageJson.Write(columns, values), columns));
    }

    public void Dispose() => _connection.Dispose();

    private int Compare<T>(Func<CellValue, T> image, Func<object, T> column)
    {
        var count = 0;
        foreach (var (stored, read) in Images())
        {
            Assert.Equal(column(stored), image(read));
            count++;
        }
        return count;
    }

    private IEnumerable<(object Stored, CellValue Image)> Images()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT x, {ImageJson.Expression("t", ["x"])} FROM t ORDER BY id";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return (reader.GetValue(0), ImageJson.Read(reader.GetString(1), ["x"])[0]);
    }

    private void Insert(IEnumerable<object> values)
    {
        using var transaction = _connection.BeginTransaction();
        using var command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO t (x) VALUES ($x)";
        var parameter = command.Parameters.Add("$x", SqliteType.Text);
        foreach (var value in values)
        {
            parameter.SqliteType = value switch { double => SqliteType.Real, long => SqliteType.Integer, byte[] => SqliteType.Blob, _ => SqliteType.Text };
            parameter.Value = value;
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
