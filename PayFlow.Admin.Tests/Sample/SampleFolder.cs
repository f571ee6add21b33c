namespace PayFlow.Admin.Tests.Sample;

/// <summary>A folder for till files, deleted when disposed.</summary>
internal sealed class SampleFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("payflow-sample-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
