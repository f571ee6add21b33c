using PayFlow.Admin.Webhooks.Sending;
using PayFlow.Admin.Webhooks.Watching;

namespace PayFlow.Admin.Webhooks;

/// <summary>The host's part that tells other systems what happens.</summary>
internal static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhookSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookDesk>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<TerminalEpisodes>();
        services.AddHostedService<WebhookSender>();
        services.AddHostedService<WebhookWatch>();
        return services;
    }
}
