using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace PayFlow.Admin.Security;

/// <summary>Keeps the data-protection keys in central, so that every host accepts the others' cookies. (The interface is synchronous.)</summary>
internal sealed class DataProtectionKeys(NpgsqlDataSource central) : IXmlRepository
{
    private const string Read = "SELECT xml FROM console.data_protection_keys ORDER BY id";

    private const string Insert = "INSERT INTO console.data_protection_keys (name, xml) VALUES ($1, $2)";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = central.CreateCommand(Read);
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
            keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = central.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
