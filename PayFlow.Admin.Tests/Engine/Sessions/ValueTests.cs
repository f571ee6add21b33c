using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Values that the other side's type can hold only just, or not at all.</summary>
public sealed class ValueTests
{
    internal const string Central = """
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE DOMAIN percent AS numeric(5,2) CHECK (VALUE BETWEEN 0 AND 100);
        CREATE TABLE all_types (id int PRIMARY KEY, amount numeric(20,4), wide numeric, code char(5), doc jsonb, raw json, span interval, tags text[], numbers int[], m mood, address inet, net cidr, cash money,
          flags bit(5), more_flags varbit, at_tz timetz, at time, p percent, x xml, r int4range, bytes bytea, u uuid, d float8, f float4, big int8, small int2, b boolean, day date, ts timestamp, tstz timestamptz, pt point, vec tsvector, mac macaddr);
        """;

    internal const string Local = """
        CREATE TABLE all_types (id INTEGER PRIMARY KEY, amount TEXT, wide TEXT, code TEXT, doc TEXT, raw TEXT, span TEXT, tags TEXT, numbers TEXT, m TEXT, address TEXT, net TEXT, cash TEXT,
          flags TEXT, more_flags TEXT, at_tz TEXT, at TEXT, p TEXT, x TEXT, r TEXT, bytes BLOB, u TEXT, d REAL, f REAL, big INTEGER, small INTEGER, b INTEGER, day TEXT, ts TEXT, tstz TEXT, pt TEXT, vec TEXT, mac TEXT);
        """;

    internal const string Rows = """
        INSERT INTO all_types VALUES
          (1, 1234567890123456.7891, 0.1234567890123456789012345678901234567890, 'ab', '{"a": [1, 2.50, "x"]}', '{"b" : 1}', '1 year 2 mons 3 days 04:05:06.789', '{a,"b c",NULL,"q\"uote"}', '{{1,2},{3,4}}', 'happy',
            '192.168.0.1/24', '10.0.0.0/8', 12345.67, B'10101', B'1', '12:34:56.789+02', '23:59:59.999999', 99.99, '<a b="c">d</a>', '[1,10)', '\x00ff10', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
            0.1, 0.1, 9223372036854775807, 32767, true, '2024-02-29', '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.123456+02', '(1.5,2)', 'fat cat', '08:00:2b:01:02:03'),
          (2, -0.0001, -1e30, '', 'null', '[]', '-1 day', '{}', '{}', 'sad', '::1', '::/0', -0.01, B'00000', B'', '00:00:00-12', '00:00:00', 0, '<e/>', 'empty', '', '00000000-0000-0000-0000-000000000000',
            'Infinity', '-Infinity', -9223372036854775808, -32768, false, '0001-01-01', '0001-01-01 00:00:00', '9999-12-31 23:59:59+00', '(0,0)', '', '00:00:00:00:00:00'),
          (3, 0, 'NaN', '12345', '"s"', '1', '100 years', '{x}', '{NULL}', 'sad', '10.1.2.3', '10.1.2.0/24', 0, B'11111', B'1111111111', '23:59:59.999999+14', '12:00', 100, 'text', '(,5)', '\xdeadbeef', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
            5e-324, 3.4028235e38, 0, 0, NULL, '9999-12-31', '2024-01-01', '2024-01-01 00:00:00+00', '(-1e10,1e-10)', 'a:1 b:2', 'ff:ff:ff:ff:ff:ff'),
          (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1.7976931348623157e308, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        """;

    [Fact]
    public async Task Every_type_comes_back_as_it_was_and_a_second_sync_moves_nothing()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync(Rows);
        var till = await chain.TillAsync("T1", Local);
        var other = await chain.TillAsync("T2", Local);
        await till.SyncAsync();
        Assert.Empty(till.Texts("SELECT key || ': ' || reason FROM payflow_aside"));
        Assert.Equal(4L, till.Scalar("SELECT count(*) FROM all_types"));
        Assert.Equal("1234567890123456.7891", till.Scalar("SELECT amount FROM all_types WHERE id = 1"));
        Assert.Equal(long.MaxValue, till.Scalar("SELECT big FROM all_types WHERE id = 1"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);

        // The same rows under new keys travel up and must be central's to the last bit.
        till.Execute("CREATE TEMP TABLE copies AS SELECT * FROM all_types; UPDATE copies SET id = id + 10; INSERT INTO all_types SELECT * FROM copies");
        await till.SyncAsync();
        Assert.Empty(till.Texts("SELECT id || ': ' || last_error FROM sync_queue"));
        Assert.Equal(4L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM all_types o JOIN all_types c ON c.id = o.id + 10 WHERE (to_jsonb(o) - 'id') = (to_jsonb(c) - 'id') AND o.raw::text IS NOT DISTINCT FROM c.raw::text"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        await other.SyncAsync();
        Assert.Equal(till.File.Rows("SELECT * FROM all_types ORDER BY id"), other.File.Rows("SELECT * FROM all_types ORDER BY id"));

        till.Execute("UPDATE all_types SET small = 5");
        Assert.Equal(8, (await till.SyncAsync()).Moved);
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        Assert.Equal(4L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM all_types o JOIN all_types c ON c.id = o.id + 10 WHERE (to_jsonb(o) - 'id') = (to_jsonb(c) - 'id')"));
    }

    [Fact]
    public async Task A_decimal_that_the_tills_column_would_round_is_set_aside_by_name_and_the_others_arrive()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE prices (id int PRIMARY KEY, price numeric(20,4), name text)");
        await chain.Database.ExecuteAsync("INSERT INTO prices VALUES (1, 1234567890123456.7891, 'a'), (2, 1.5, 'b'), (3, 0.1, 'c')");
        var till = await chain.TillAsync("T1", "CREATE TABLE prices (id INTEGER PRIMARY KEY, price REAL, name TEXT)");
        var report = await till.SyncAsync();
        Assert.Equal(["2|1.5", "3|0.1"], till.Texts("SELECT id || '|' || price FROM prices ORDER BY id"));
        Assert.Contains("prices.price", Assert.Single(till.Texts("SELECT reason FROM payflow_aside")), StringComparison.Ordinal);
        Assert.Equal(1, report.SetAside);
        Assert.Equal(RunStatus.Failed, report.Status);

        await chain.Database.ExecuteAsync("UPDATE prices SET price = 9.9 WHERE id = 1");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(9.9, till.Scalar("SELECT price FROM prices WHERE id = 1"));
    }

    [Fact]
    public async Task Only_changed_fields_are_written_so_that_a_price_is_not_rounded_because_a_name_was_edited()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE prices (id int PRIMARY KEY, price numeric(30,10), name text)");
        var till = await chain.TillAsync("T1", "CREATE TABLE prices (id INTEGER PRIMARY KEY, price REAL, name TEXT)");
        till.Execute("INSERT INTO prices VALUES (1, 0.1, 'a')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("ALTER TABLE prices DISABLE TRIGGER payflow_update; UPDATE prices SET price = 0.1000000001; ALTER TABLE prices ENABLE TRIGGER payflow_update");
        await chain.Database.ExecuteAsync("INSERT INTO prices VALUES (2, 12345678901234567890.0123456789, 'b')");
        await till.SyncAsync();
        till.Execute("UPDATE prices SET name = 'edited' WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal("0.1000000001", await chain.Database.ScalarAsync<string>("SELECT price::text FROM prices WHERE id = 1"));
    }
}
