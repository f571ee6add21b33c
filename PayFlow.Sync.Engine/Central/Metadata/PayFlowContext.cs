using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>PayFlow's own tables in central, for the console's queries. The engine's hot paths speak SQL to the same tables.</summary>
public sealed class PayFlowContext(DbContextOptions<PayFlowContext> options) : DbContext(options)
{
    /// <summary>The PostgreSQL schema that holds everything of PayFlow's but the checkpoints.</summary>
    public const string Schema = "payflow";

    internal const string HistoryTable = "__EFMigrationsHistory";

    public DbSet<CentralRow> Central => Set<CentralRow>();

    public DbSet<TerminalRow> Terminals => Set<TerminalRow>();

    public DbSet<TableMapRow> TableMap => Set<TableMapRow>();

    public DbSet<CapturedTableRow> CapturedTables => Set<CapturedTableRow>();

    public DbSet<ChangeLogRow> ChangeLog => Set<ChangeLogRow>();

    public DbSet<LinkRow> Links => Set<LinkRow>();

    public DbSet<BatchRow> Batches => Set<BatchRow>();

    public DbSet<JournalRow> Journal => Set<JournalRow>();

    public DbSet<ConflictRow> Conflicts => Set<ConflictRow>();

    public DbSet<SyncLogRow> SyncLog => Set<SyncLogRow>();

    public DbSet<SyncLogTableRow> SyncLogTables => Set<SyncLogTableRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<EchoRow> Echoes => Set<EchoRow>();

    /// <summary>A context over <paramref name="central"/>, to be disposed by the caller.</summary>
    public static PayFlowContext Open(NpgsqlDataSource central) =>
        new(Configure(new DbContextOptionsBuilder<PayFlowContext>().UseNpgsql(central, Migrations)).Options);

    /// <summary>A context over a connection that stays the caller's own.</summary>
    public static PayFlowContext Open(NpgsqlConnection central) =>
        new(Configure(new DbContextOptionsBuilder<PayFlowContext>().UseNpgsql(central, Migrations)).Options);

    /// <summary>What a context needs besides its connection; for <c>AddDbContextFactory</c>, together with <see cref="Migrations"/>.</summary>
    public static DbContextOptionsBuilder<PayFlowContext> Configure(DbContextOptionsBuilder<PayFlowContext> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // The migrations are written by hand, so there is no snapshot to compare the model with; a test compares it with the database itself.
        builder.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning, RelationalEventId.ModelSnapshotNotFound));
        return builder;
    }

    /// <summary>Where the history of migrations is kept.</summary>
    public static void Migrations(NpgsqlDbContextOptionsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.MigrationsHistoryTable(HistoryTable, Schema);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.HasDefaultSchema(Schema);
        ConfigureRegistry(modelBuilder);
        ConfigureChanges(modelBuilder);
        ConfigureWork(modelBuilder);
        ConfigureRuns(modelBuilder);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static void ConfigureRegistry(ModelBuilder model)
    {
        model.Entity<CentralRow>(e =>
        {
            e.ToTable("central").HasKey(c => c.Singleton);
            e.Property(c => c.Singleton).ValueGeneratedNever();
            e.Property(c => c.PrunedXid).HasColumnType("xid8");
            Now(e.Property(c => c.CreatedAt));
        });
        model.Entity<TerminalRow>(e =>
        {
            e.ToTable("terminals").HasKey(t => t.Id);
            e.HasAlternateKey(t => t.Number);
            e.Property(t => t.Number).UseIdentityByDefaultColumn();
            e.Property(t => t.Attributes).HasColumnType("jsonb");
            e.Property(t => t.Queue).HasColumnType("jsonb");
            e.Property(t => t.DeadLetters).HasColumnType("jsonb");
            e.Property(t => t.Schema).HasColumnType("jsonb");
            e.Property(t => t.Lineage).HasDefaultValueSql("gen_random_uuid()");
            e.Property(t => t.LogGeneration).HasDefaultValue(1).HasSentinel(0);
            e.Property(t => t.LogXid).HasColumnType("xid8");
            Now(e.Property(t => t.RegisteredAt));
        });
        model.Entity<TableMapRow>(e =>
        {
            e.ToTable("table_map").HasKey(m => m.Name);
            e.Property(m => m.Entry).HasColumnType("jsonb");
            Now(e.Property(m => m.UpdatedAt));
        });
    }

    private static void ConfigureChanges(ModelBuilder model)
    {
        model.Entity<CapturedTableRow>(e =>
        {
            e.ToTable("captured_tables").HasKey(t => t.Id);
            e.Property(t => t.Id).UseIdentityByDefaultColumn();
        });
        model.Entity<ChangeLogRow>(e =>
        {
            e.ToTable("change_log").HasKey(c => new { c.Generation, c.Xid, c.Id });
            e.Property(c => c.Xid).HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
            e.Property(c => c.Id).UseIdentityAlwaysColumn();
            e.Property(c => c.Op).HasColumnType("\"char\"");
            Now(e.Property(c => c.LoggedAt));
        });
        model.Entity<LinkRow>(e =>
        {
            e.ToTable("links").HasKey(l => new { l.TerminalId, l.TableName, l.LocalKey });
            e.HasIndex(l => new { l.TerminalId, l.TableName, l.ServerKey }).IsUnique();
        });
        model.Entity<EchoRow>(e => e.ToTable("echoes").HasKey(x => new { x.TerminalId, x.TableId, x.Key }));
    }

    private static void ConfigureWork(ModelBuilder model)
    {
        model.Entity<BatchRow>(e =>
        {
            e.ToTable("batches").HasKey(b => b.Id);
            e.Property(b => b.Result).HasColumnType("json");
            Now(e.Property(b => b.AppliedAt));
        });
        model.Entity<JournalRow>(e =>
        {
            e.ToTable("journal").HasKey(j => j.Id);
            e.Property(j => j.Id).UseIdentityAlwaysColumn();
            e.Property(j => j.Op).HasColumnType("\"char\"");
            e.Property(j => j.Before).HasColumnType("jsonb");
            e.Property(j => j.After).HasColumnType("jsonb");
            Now(e.Property(j => j.At));
        });
        model.Entity<ConflictRow>(e =>
        {
            e.ToTable("conflicts").HasKey(c => c.Id);
            e.Property(c => c.Id).UseIdentityAlwaysColumn();
            e.Property(c => c.Base).HasColumnType("jsonb");
            e.Property(c => c.Terminal).HasColumnType("jsonb");
            e.Property(c => c.Central).HasColumnType("jsonb");
            e.Property(c => c.Resolved).HasColumnType("jsonb");
            e.Property(c => c.Version).HasDefaultValue(1).HasSentinel(0);
            Now(e.Property(c => c.DetectedAt));
        });
        model.Entity<AuditRow>(e =>
        {
            e.ToTable("audit").HasKey(a => a.Id);
            e.Property(a => a.Id).UseIdentityAlwaysColumn();
            e.Property(a => a.Detail).HasColumnType("jsonb");
            Now(e.Property(a => a.At));
        });
    }

    private static void ConfigureRuns(ModelBuilder model)
    {
        model.Entity<SyncLogRow>(e =>
        {
            e.ToTable("sync_log").HasKey(r => r.Id);
            e.HasMany(r => r.Tables).WithOne().HasForeignKey(t => t.RunId).OnDelete(DeleteBehavior.Cascade);
            Now(e.Property(r => r.StartedAt));
        });
        model.Entity<SyncLogTableRow>(e => e.ToTable("sync_log_tables").HasKey(t => new { t.RunId, t.TableName, t.Direction }));
    }

    private static void Now(PropertyBuilder<DateTimeOffset> property) => property.HasDefaultValueSql("now()");

    /// <summary><c>LastRunId</c> becomes <c>last_run_id</c>.</summary>
    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : string.Empty) + char.ToLowerInvariant(c) : c.ToString()));
}
