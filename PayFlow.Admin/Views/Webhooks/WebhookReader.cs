using Npgsql;
using PayFlow.Admin.Webhooks;

namespace PayFlow.Admin.Views.Webhooks;

/// <summary>Reads the webhooks with what waits for each. There are tens of them: they are all on one page.</summary>
internal sealed class WebhookReader(NpgsqlDataSource central)
{
    // Two bounds and not one equality: with that the planner may walk the whole list backwards by its id, for a webhook that has had no delivery to the very end.
    private const string List = $"""
        SELECT {WebhookRows.Columns},
          (SELECT count(*) FROM (SELECT 1 FROM console.webhook_deliveries d WHERE d.webhook_id = w.id AND d.finished_at IS NULL LIMIT 10001) c),
          (SELECT count(*) FROM (SELECT 1 FROM console.webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'FAILED' LIMIT 10001) c),
          coalesce(last.finished_at, last.created_at), last.state
        FROM console.webhooks w
        LEFT JOIN LATERAL (SELECT d.finished_at, d.created_at, d.state FROM console.webhook_deliveries d WHERE d.webhook_id >= w.id AND d.webhook_id <= w.id ORDER BY d.webhook_id DESC, d.id DESC LIMIT 1) last ON true
        ORDER BY lower(w.name)
        """;

    public async Task<Page<WebhookRow>> ListAsync(WebhookFilter filter, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(List);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<WebhookRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var more = reader.FieldCount - 4;
            rows.Add(new(WebhookRows.Read(reader), reader.GetInt64(more), reader.GetInt64(more + 1), reader.IsDBNull(more + 2) ? null : reader.GetFieldValue<DateTimeOffset>(more + 2), reader.IsDBNull(more + 3) ? null : reader.GetString(more + 3)));
        }
        var found = rows.Where(r => Fits(r.Webhook, filter)).ToList();
        return new Page<WebhookRow>(found, found.Count);
    }

    private static bool Fits(WebhookRecord webhook, WebhookFilter filter) =>
        (filter.Status is null || webhook.Status.Equals(filter.Status, StringComparison.OrdinalIgnoreCase))
        && (filter.Event is null || webhook.Draft.Events.Contains(filter.Event))
        && (filter.Text is null || webhook.Name.Contains(filter.Text, StringComparison.OrdinalIgnoreCase) || WebhookAddress.Place(webhook.Draft.Url).Contains(filter.Text, StringComparison.OrdinalIgnoreCase));
}
