using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace PayFlow.Admin.Data;

/// <summary>The console's own tables in central, in the schema <c>console</c>: who may sign in. Schedules, jobs, links and keys are there, too, but their owners speak SQL to them.</summary>
internal sealed class ConsoleContext(DbContextOptions<ConsoleContext> options) : IdentityDbContext<ConsoleAccount, IdentityRole<Guid>, Guid>(options)
{
    /// <summary>The PostgreSQL schema of the console.</summary>
    public const string Schema = "console";

    internal const string HistoryTable = "__EFMigrationsHistory";

    /// <summary>A context over a connection that stays the caller's own.</summary>
    public static ConsoleContext Open(NpgsqlConnection central) =>
        new((DbContextOptions<ConsoleContext>)Configure(new DbContextOptionsBuilder<ConsoleContext>().UseNpgsql(central, Migrations)).Options);

    /// <summary>What a context needs besides its connection; for <c>AddDbContext</c>, together with <see cref="Migrations"/>.</summary>
    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder builder)
    {
        // The migrations are written by hand, so there is no snapshot to compare the model with; a test compares it with the database itself.
        return builder.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning, RelationalEventId.ModelSnapshotNotFound));
    }

    /// <summary>Where the history of migrations is kept.</summary>
    public static void Migrations(NpgsqlDbContextOptionsBuilder builder) => builder.MigrationsHistoryTable(HistoryTable, Schema);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDefaultSchema(Schema);
        IdentityModel.Configure(modelBuilder);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    /// <summary><c>LastSignInAt</c> becomes <c>last_sign_in_at</c>.</summary>
    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : string.Empty) + char.ToLowerInvariant(c) : c.ToString()));
}
