using Npgsql;
using PayFlow.Admin.Sample;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Demo;

/// <summary>
/// What an administrator is there for: a customer whom a cashier and the head office both corrected, and one whose date of birth no calendar has, which central refuses for good.
/// Made once for a demo, so that there is something to decide and something to mend.
/// </summary>
internal sealed class DemoTroubles(NpgsqlDataSource central, IReadOnlyList<DemoTill> tills, SyncOptions options)
{
    /// <summary>By this number the mistyped customer is known again at the next start.</summary>
    private const string MistypedPhone = "+49 30 5550199";

    private const string TillCorrects = """
        UPDATE customers SET phone = '+49 30 5550123', email = 'till.' || local_id || '@example.org', updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
        WHERE server_id = $id
        """;

    private const string OfficeCorrects = "UPDATE public.customers SET phone = '+49 30 5550777', last_name = last_name || '-Schmidt', updated_at = now() AT TIME ZONE 'UTC' WHERE id = $1";

    // In no order of the capture's: any customer that the till has from central and that nothing waits for.
    private const string Anybody = """
        SELECT server_id FROM customers
        WHERE server_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sync_queue q WHERE q.entity_type = 'customers' AND q.entity_id = customers.local_id)
        ORDER BY local_id DESC LIMIT 1 OFFSET 7
        """;

    private const string Mistype = """
        INSERT INTO customers (first_name, last_name, phone, birth_date, created_at, updated_at)
        SELECT 'Grete', 'Sommer', $phone, '1991-02-30', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
        WHERE NOT EXISTS (SELECT 1 FROM customers WHERE phone = $phone)
        """;

    /// <summary>Makes both; false when they were made before.</summary>
    public async Task<bool> MakeAsync(CancellationToken cancellationToken)
    {
        var (careless, careful) = (tills[0], tills[^1]);
        if (!TypeWrongDate(careless))
            return false;
        if (CorrectAtTill(careful) is { } customer)
        {
            await using var command = central.CreateCommand(OfficeCorrects);
            command.Parameters.Add(new NpgsqlParameter { Value = customer });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        // One attempt, so that nobody has to wait for ten.
        var once = options with { Retry = options.Retry with { Attempts = 1 } };
        foreach (var till in new[] { careless, careful }.Distinct())
        {
            await using var sync = new TerminalSync(till.Path, new PostgresCentral(central), once);
            await sync.RunAsync(new SyncRequest { SyncType = "demo", Direction = SyncDirection.Pull }, null, cancellationToken);
        }
        return true;
    }

    private static bool TypeWrongDate(DemoTill till)
    {
        using var connection = SampleTillFile.Open(till.Path);
        using var command = connection.CreateCommand();
        command.CommandText = Mistype;
        command.Parameters.AddWithValue("$phone", MistypedPhone);
        return command.ExecuteNonQuery() > 0;
    }

    private static string? CorrectAtTill(DemoTill till)
    {
        using var connection = SampleTillFile.Open(till.Path);
        using var command = connection.CreateCommand();
        command.CommandText = Anybody;
        if (command.ExecuteScalar() is not string customer)
            return null;
        using var update = connection.CreateCommand();
        update.CommandText = TillCorrects;
        update.Parameters.AddWithValue("$id", customer);
        update.ExecuteNonQuery();
        return customer;
    }
}
