using PayFlow.Sync.Engine.Terminals.Journal;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Journal;

/// <summary>The keys of many inserted rows in one entry.</summary>
public sealed class KeyChunkTests
{
    private const string Uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData(Uuid)]
    [InlineData("0F8FAD5B-D9CB-469F-A165-70867728950E")]
    [InlineData("0f8fad5bd9cb469fa16570867728950e")]
    [InlineData("{f8fad5b-d9cb-469f-a165-7086772895}")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950g")]
    [InlineData("0x345678-1234-1234-1234-123456789012")]
    [InlineData("+1234567-1234-1234-1234-123456789012")]
    [InlineData("12345678-0x23-1234-0x34-123456789012")]
    [InlineData("12345678-1234-1234-1234-0x3456789012")]
    [InlineData("κλειδί/5 ☕")]
    public void A_key_reads_back_as_it_was_written(string key)
    {
        var chunk = new KeyChunk("sales");
        chunk.Add("before", 1);
        chunk.Add(key, ulong.MaxValue - 1);
        chunk.Add("behind", 3);

        Assert.Equal([("before", 1UL), (key, ulong.MaxValue - 1), ("behind", 3UL)], KeyChunk.Read(chunk.Bytes.ToArray()));
    }

    [Fact]
    public void A_uuid_takes_its_sixteen_bytes()
    {
        var chunk = new KeyChunk("sales");
        chunk.Add(Uuid, 1);
        Assert.Equal(4 + 16 + 8, chunk.Length);
    }

    [Fact]
    public void A_chunk_outgrows_its_first_size()
    {
        var chunk = new KeyChunk("sales");
        var keys = Enumerable.Range(0, 10_000).Select(i => (i % 2 == 0 ? Guid.NewGuid().ToString() : new string('k', i % 300), (ulong)i)).ToList();
        keys.ForEach(k => chunk.Add(k.Item1, k.Item2));

        Assert.Equal(keys, KeyChunk.Read(chunk.Bytes.ToArray()));
    }

    [Fact]
    public void What_an_earlier_version_wrote_is_still_read()
    {
        byte[] written = [36, 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes(Uuid), 5, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal([(Uuid, 5UL)], KeyChunk.Read(written));
    }
}
