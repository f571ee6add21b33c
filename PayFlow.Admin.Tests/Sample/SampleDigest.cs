using System.Security.Cryptography;
using System.Text;
using PayFlow.Admin.Sample;
using PayFlow.Admin.Tests.Fixtures;

namespace PayFlow.Admin.Tests.Sample;

/// <summary>One text for all rows of the sample's tables on one side: equal when every value is.</summary>
internal static class SampleDigest
{
    public static async Task<string> OfAsync(CentralDatabase central)
    {
        var digest = new StringBuilder();
        foreach (var table in SampleChain.TableNames)
            digest.Append(table).Append('=').AppendLine(await central.ScalarAsync<string>($"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\")), '') FROM public.{table} t"));
        return digest.ToString();
    }

    public static string Of(string till)
    {
        using var connection = SampleTillFile.Open(till);
        var digest = new StringBuilder();
        foreach (var table in SampleChain.TableNames)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
            using var reader = command.ExecuteReader();
            var rows = new StringBuilder();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                    rows.Append(reader.GetFieldType(i).Name).Append(' ').Append(reader.IsDBNull(i) ? "NULL" : reader.GetString(i)).Append('|');
                rows.AppendLine();
            }
            digest.Append(table).Append('=').AppendLine(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(rows.ToString()))));
        }
        return digest.ToString();
    }
}
