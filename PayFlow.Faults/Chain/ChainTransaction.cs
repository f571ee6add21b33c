using System.Data.Common;

namespace PayFlow.Faults.Chain;

/// <summary>A POS program's open transaction.</summary>
internal sealed class ChainTransaction(DbConnection connection, DbTransaction transaction, Action committed) : IDisposable
{
    public void Commit()
    {
        transaction.Commit();
        committed();
    }

    public void Dispose()
    {
        transaction.Dispose();
        connection.Dispose();
    }
}
