using PayFlow.Admin.Sample;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Sample;

public sealed class SampleMapTests
{
    private static readonly HashSet<string> LocalOnly = ["local_id", "server_id", "sync_status", "sync_operation", "last_sync_at"];

    [Fact]
    public async Task Every_column_of_a_till_has_its_place_in_central()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await SampleChain.CreateCentralAsync(central.DataSource, new SampleSize(Products: 1, Customers: 1), seed: 7);
        using var folder = new SampleFolder();
        SampleChain.CreateTill(folder.File("till.db"), new SampleTill("t", "s", 1), seed: 7);

        using var till = SampleTillFile.Open(folder.File("till.db"));
        foreach (var entry in SampleMap.Entries)
        {
            var mapped = new List<string>();
            using var columns = till.CreateCommand();
            columns.CommandText = $"SELECT name FROM pragma_table_info('{entry.Name}')";
            using var reader = columns.ExecuteReader();
            while (reader.Read())
            {
                if (!LocalOnly.Contains(reader.GetString(0)))
                    mapped.Add(entry.Renames.GetValueOrDefault(reader.GetString(0), reader.GetString(0)));
            }
            var expected = await central.ScalarAsync<string[]>($"SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = 'public.{entry.Name}'::regclass AND attnum > 0 AND NOT attisdropped");
            Assert.Equal(expected!.Where(c => c != "id" || mapped.Contains("id")).Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_map_names_every_table_once_with_the_specifications_priorities()
    {
        Assert.Equal(17, SampleMap.Entries.Select(e => e.Name).Distinct().Count());
        Assert.Equal(17, SampleMap.Entries.Count);
        Assert.Equal((1, SyncDirection.Pull, ConflictPolicy.LocalWins), Of("orders"));
        Assert.Equal((2, SyncDirection.Pull, ConflictPolicy.LocalWins), Of("inventory_transactions"));
        Assert.Equal((3, SyncDirection.Push, ConflictPolicy.ServerWins), Of("Products"));
        Assert.Equal((4, SyncDirection.Push, ConflictPolicy.ServerWins), Of("discounts"));
        Assert.Equal((5, SyncDirection.Both, ConflictPolicy.Merge), Of("customers"));
        Assert.Equal((6, SyncDirection.Push, ConflictPolicy.ServerWins), Of("terminal_stock_levels"));
        Assert.Null(SampleMap.Find("no_such_table"));
    }

    private static (int Priority, SyncDirection Direction, ConflictPolicy Conflicts) Of(string table)
    {
        var entry = SampleMap.Find(table)!;
        return (entry.Priority, entry.Direction, entry.Conflicts);
    }
}
