namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>The repository's folder of clients in other languages, and the cases that all of them have to pass.</summary>
internal static class ClientsFolder
{
    public static string Path { get; } = Locate();

    public static string Conformance => System.IO.Path.Combine(Path, "conformance");

    public static string Capacitor => System.IO.Path.Combine(Path, "capacitor");

    private static string Locate()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "PayFlow.sln")))
                return System.IO.Path.Combine(folder.FullName, "clients");
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds PayFlow.sln: these tests run in a clone of the repository.");
    }
}
