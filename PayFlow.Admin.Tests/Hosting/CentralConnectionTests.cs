using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Hosting;

public sealed class CentralConnectionTests
{
    private const string Secret = "s3cr3t";

    [Fact]
    public void Nothing_configured_is_null() => Assert.Null(CentralConnection.Resolve(null, _ => null));

    [Theory]
    [InlineData("Host=option", "Host=appsetting", "postgres://url/", "option")]
    [InlineData(null, "Host=appsetting", "postgres://url/", "appsetting")]
    [InlineData(" ", "", "postgres://url/", "url")]
    public void The_option_goes_before_the_connection_string_before_the_URL(string? option, string? appSetting, string? url, string host)
    {
        var resolved = CentralConnection.Resolve(option, name => name switch
        {
            "ConnectionStrings__Central" => appSetting,
            "DATABASE_URL" => url,
            _ => null,
        });

        Assert.Equal(host, new NpgsqlConnectionStringBuilder(resolved).Host);
    }

    [Fact]
    public void A_URL_is_percent_decoded_and_its_parameters_are_taken_over()
    {
        var read = Read("postgres://pay%40flow:p%40s%2Fs%3B%25@db.example:6543/chain%20hq?sslmode=verify-full&connect_timeout=7&application_name=till%20sync");

        Assert.Equal("db.example", read.Host);
        Assert.Equal(6543, read.Port);
        Assert.Equal("pay@flow", read.Username);
        Assert.Equal("p@s/s;%", read.Password);
        Assert.Equal("chain hq", read.Database);
        Assert.Equal(SslMode.VerifyFull, read.SslMode);
        Assert.Equal(7, read.Timeout);
        Assert.Equal("till sync", read.ApplicationName);
    }

    [Theory]
    [InlineData("postgresql://[::1]:5433/db", "::1", 5433)]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql/db", "/var/run/postgresql", 5432)]
    [InlineData("postgresql:///db?host=elsewhere&port=5434", "elsewhere", 5434)]
    [InlineData("postgresql://one:5433,two/db", "one:5433,two", 5432)]
    [InlineData("POSTGRES://upper", "upper", 5432)]
    public void A_URL_may_name_its_host_in_any_way_that_libpq_knows(string url, string host, int port)
    {
        var read = Read(url);

        Assert.Equal(host, read.Host);
        Assert.Equal(port, read.Port);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData($"{Secret}")]
    [InlineData($"Host=h;Password='{Secret}")]
    [InlineData($"Host=h;Password=a;{Secret}=b")]
    [InlineData($"Host=h;Port={Secret};Password={Secret}")]
    [InlineData($"Host=h;SSL Mode={Secret}")]
    [InlineData($"Username=u;Password={Secret}")]
    [InlineData($"postgres://u:{Secret}/x@host/db")]
    [InlineData($"postgres://u:{Secret}%zz@host/db")]
    [InlineData($"postgres://u:{Secret}@host:port/db")]
    [InlineData($"postgres://u:{Secret}@host:99999/db")]
    [InlineData($"postgres://u:{Secret}@/db")]
    [InlineData($"postgres://u:{Secret}@host/db?sslmode")]
    [InlineData($"postgres://u:{Secret}@host/db?sslmode={Secret}")]
    [InlineData($"postgres://u:{Secret}@host/db?unheard_of={Secret}")]
    public void A_malformed_one_is_refused_without_repeating_a_secret(string text)
    {
        var refused = Assert.Throws<SyncException>(() => CentralConnection.Resolve(text, _ => null));

        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains("--central", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hots=h", "'hots'")]
    [InlineData("Host=h;Port=x", "'port'")]
    [InlineData("postgres://host/db?unheard_of=1", "'unheard_of'")]
    public void A_malformed_one_is_told_by_keyword(string text, string named)
    {
        var refused = Assert.Throws<SyncException>(() => CentralConnection.Resolve(null, name => name == "DATABASE_URL" ? text : null));

        Assert.Contains("DATABASE_URL", refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder Read(string text) => new(CentralConnection.Resolve(text, _ => null));
}
