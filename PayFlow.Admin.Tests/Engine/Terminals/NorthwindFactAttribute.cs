using Microsoft.Data.Sqlite;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals;

/// <summary>A test that needs the Northwind sample database beside the repository, and is skipped where it is not.</summary>
internal sealed class NorthwindFactAttribute : FactAttribute
{
    public NorthwindFactAttribute()
    {
        if (Northwind.Path is null)
            Skip = "shared/data/northwind.db is not there.";
    }
}

/// <summary>The Northwind sample database, read-only.</summary>
internal static class Northwind
{
    public static string? Path { get; } = Locate();

    public static SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string? Locate()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "PayFlow.sln")))
                continue;
            // A worktree lies one folder deeper than a clone.
            return new[] { "..", "../.." }.Select(up => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, up, "shared/data/northwind.db"))).FirstOrDefault(File.Exists);
        }
        return null;
    }
}
