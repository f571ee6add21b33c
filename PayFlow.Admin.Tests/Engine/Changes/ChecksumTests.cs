using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Changes;

/// <summary>Whatever is damaged on its way is noticed before any of it is applied.</summary>
public sealed class ChecksumTests
{
    private static readonly Guid Id = Guid.Parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");

    private static readonly ChangeBatch Batch = new()
    {
        Id = Id,
        RunId = Id,
        Seen = new LogPosition(1, 2, 3),
        Sections =
        [
            Section("orders", Row("1", "s1", [CellValue.Of(1), CellValue.Of("one"), CellValue.Null], [CellValue.Of(1), CellValue.Of("eins"), CellValue.Of(0.5)]), Row("2", null, [CellValue.Of(2), CellValue.Of(""), CellValue.Of(new byte[] { 1, 2, 3 })], null)),
            Section("items", Row("3", null, null, [CellValue.Of(3), CellValue.Of("a longer text, so that both lanes have something"), CellValue.LocalReference("17")])),
        ],
    };

    public static TheoryData<string> Damages => [.. Damaged().Select(d => d.Name)];

    [Fact]
    public void A_sealed_batch_is_intact_and_an_unsealed_one_is_not()
    {
        Batch.Sealed().RequireIntact();
        Assert.Throws<SyncException>(Batch.RequireIntact);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_single_thing_that_differs_is_noticed(string name)
    {
        var damaged = Damaged().Single(d => d.Name == name).Batch with { Checksum = Batch.Sealed().Checksum };

        var refused = Assert.Throws<SyncException>(damaged.RequireIntact);

        Assert.Equal(SyncErrorCode.Protocol, refused.Code);
        Assert.True(refused.IsTransient);
    }

    [Fact]
    public void No_single_bit_of_any_word_goes_unnoticed()
    {
        var words = Enumerable.Range(0, 9).Select(i => (ulong)i * 0x9E37_79B9_7F4A_7C15).ToArray();
        var sums = new HashSet<ulong> { Sum(words) };
        for (var word = 0; word < words.Length; word++)
        {
            for (var bit = 0; bit < 64; bit++)
            {
                words[word] ^= 1UL << bit;
                Assert.True(sums.Add(Sum(words)));
                words[word] ^= 1UL << bit;
            }
        }

        static ulong Sum(ulong[] words)
        {
            var sum = ChangeChecksum.Begin();
            foreach (var word in words)
                sum.Add(word);
            return sum.Value;
        }
    }

    [Fact]
    public void A_page_that_differs_is_noticed()
    {
        var row = new DownloadedRow("1", [CellValue.Of("a"), CellValue.Null]);
        var page = new ChangePage(new Dictionary<string, IReadOnlyList<DownloadedRow>> { ["a"] = [row, new("2", null)], ["b"] = [row] }, new Dictionary<string, bool> { ["c"] = true }, new LogPosition(1, 2, 3), 7, true).Sealed();
        page.RequireIntact();
        ChangePage[] damaged =
        [
            page with { Next = new LogPosition(1, 2, 4) },
            page with { Entries = 8 },
            page with { IsLast = false },
            page with { Reload = new Dictionary<string, bool> { ["c"] = false } },
            page with { Tables = new Dictionary<string, IReadOnlyList<DownloadedRow>> { ["a"] = [new("2", null), row], ["b"] = [row] } },
            page with { Tables = new Dictionary<string, IReadOnlyList<DownloadedRow>> { ["a"] = [row, new("2", null)], ["d"] = [row] } },
            page with { Tables = new Dictionary<string, IReadOnlyList<DownloadedRow>> { ["a"] = [row, new("2", [])], ["b"] = [row] } },
            page with { Tables = new Dictionary<string, IReadOnlyList<DownloadedRow>> { ["a"] = [row, new("2", null), row], ["b"] = [] } },
        ];
        Assert.All(damaged, d => Assert.Throws<SyncException>(d.RequireIntact));
        var stamped = new StampedPage([row], new StampPosition("s", "k"), true).Sealed();
        stamped.RequireIntact();
        Assert.Throws<SyncException>((stamped with { Next = new StampPosition("s", "l") }).RequireIntact);
        Assert.Throws<SyncException>((stamped with { Checkpoint = new StampPosition(null, null) }).RequireIntact);
    }

    [Fact]
    public async Task A_damaged_batch_changes_nothing_in_central()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v text)", [new TableMapEntry { Name = "t" }]);
        var till = await chain.TillAsync("T1", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        till.Execute("INSERT INTO t VALUES (1, 'x')");
        await till.Sync.DisposeAsync();
        await using var sync = new TerminalSync(till.File.Path, new DamagingCentral(new PostgresCentral(chain.Source)), new SyncOptions { TransientAttempts = 2, TransientDelay = TimeSpan.FromMilliseconds(1) });

        var refused = await Assert.ThrowsAsync<SyncException>(() => sync.RunAsync());

        Assert.Equal(SyncErrorCode.Protocol, refused.Code);
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM t"));
        Assert.True((await chain.Open("T1", till.File).SyncAsync()).IsClean);
        Assert.Equal("x", await chain.Database.ScalarAsync<string>("SELECT v FROM t"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_stream_with_a_damaged_lost_or_misplaced_row_is_not_written(int place)
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i", [new TableMapEntry { Name = "t" }]);
        var till = await chain.TillAsync("T1", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        await till.Sync.DisposeAsync();
        await using var sync = new TerminalSync(till.File.Path, new DamagingCentral(new PostgresCentral(chain.Source)) { Place = place }, new SyncOptions { TransientAttempts = 2, TransientDelay = TimeSpan.FromMilliseconds(1) });

        Assert.Equal(SyncErrorCode.Protocol, (await Assert.ThrowsAsync<SyncException>(() => sync.RunAsync())).Code);

        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM t"));
        await chain.Open("T1", till.File).SyncAsync();
        Assert.Equal(10L, till.Scalar("SELECT count(*) FROM t"));
    }

    private static IEnumerable<(string Name, ChangeBatch Batch)> Damaged()
    {
        var (orders, items) = (Batch.Sections[0], Batch.Sections[1]);
        var (one, two, three) = (orders.Rows[0], orders.Rows[1], items.Rows[0]);
        yield return ("id", Batch with { Id = Guid.Empty });
        yield return ("run", Batch with { RunId = Guid.Empty });
        yield return ("seen", Batch with { Seen = new LogPosition(1, 3, 2) });
        yield return ("restored", Batch with { IsRestored = true });
        yield return ("dry run", Batch with { IsDryRun = true });
        yield return ("section order", Batch with { Sections = [items, orders] });
        yield return ("section lost", Batch with { Sections = [orders] });
        yield return ("row order", With(orders with { Rows = [two, one] }));
        yield return ("row lost", With(orders with { Rows = [one] }));
        yield return ("row twice", With(orders with { Rows = [one, two, two] }));
        yield return ("row in the other table", Batch with { Sections = [orders with { Rows = [one] }, items with { Rows = [two, three] }] });
        yield return ("table", With(orders with { Table = "order" }));
        yield return ("column", With(orders with { Columns = ["a", "c", "b"] }));
        yield return ("bootstrap", With(orders with { IsBootstrap = true }));
        yield return ("link only", With(orders with { IsLinkOnly = true }));
        yield return ("base unknown", With(orders with { BaseUnknown = true }));
        yield return ("linked", With(orders with { IsLinked = false }));
        yield return ("stamp", With(orders with { SeenStamp = "" }));
        yield return ("key", With(one with { Key = "11" }));
        yield return ("server key", With(one with { ServerKey = null }));
        yield return ("no values", With(one with { Values = null }));
        yield return ("no base", With(one with { Base = null }));
        yield return ("values and base", With(one with { Values = one.Base, Base = one.Values }));
        yield return ("number", With(one with { Values = [CellValue.Of(3), .. one.Values![1..]] }));
        yield return ("number as text", With(one with { Values = [CellValue.Of("1"), .. one.Values![1..]] }));
        yield return ("number as double", With(one with { Values = [CellValue.Of(1.0), .. one.Values![1..]] }));
        yield return ("text", With(one with { Values = [one.Values![0], CellValue.Of("onE"), one.Values[2]] }));
        yield return ("text longer by a NUL", With(one with { Values = [one.Values![0], CellValue.Of("one\0"), one.Values[2]] }));
        yield return ("text as reference", With(one with { Values = [one.Values![0], CellValue.LocalReference("one"), one.Values[2]] }));
        yield return ("NULL as empty text", With(one with { Values = [one.Values![0], one.Values[1], CellValue.Of("")] }));
        yield return ("values exchanged", With(one with { Values = [one.Values![1], one.Values[0], one.Values[2]] }));
        yield return ("value lost", With(one with { Values = one.Values![..2] }));
        yield return ("base", With(one with { Base = [one.Base![0], one.Base[1], CellValue.Of(0.50000000000000011)] }));
        yield return ("value moved into the next", With(one with { Values = [one.Values![0], CellValue.Of("on"), CellValue.Of("e")] }));

        static ChangeBatch WithSection(TableSection section) => Batch with { Sections = [section, Batch.Sections[1]] };
        ChangeBatch With(object changed) => changed is TableSection section ? WithSection(section) : WithSection(orders with { Rows = [(RowChange)changed, two] });
    }

    private static TableSection Section(string table, params RowChange[] rows) => new() { Table = table, Columns = ["a", "b", "c"], Rows = rows };

    private static RowChange Row(string key, string? serverKey, CellValue[]? values, CellValue[]? before) => new() { Key = key, ServerKey = serverKey, Values = values, Base = before };
}
