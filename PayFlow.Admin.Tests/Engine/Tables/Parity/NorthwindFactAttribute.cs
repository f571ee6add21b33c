using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables.Parity;

/// <summary>A test over the Northwind sample database; skipped where it does not lie beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NorthwindFactAttribute : FactAttribute
{
    public NorthwindFactAttribute()
    {
        if (Path is null)
            Skip = "shared/data/northwind.db does not lie beside the repository";
    }

    /// <summary>The sample database beside the folder of PayFlow.sln; null where there is none.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "PayFlow.sln")))
                continue;
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "data", "northwind.db"));
            return File.Exists(path) ? path : null;
        }
        return null;
    }
}
