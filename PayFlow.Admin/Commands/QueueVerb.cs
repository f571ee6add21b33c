using System.CommandLine;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow queue</c>: what waits in a till's file, and what to do about it.</summary>
internal sealed class QueueVerb : Command
{
    public QueueVerb(CommandRunner runner)
        : base("queue", "List and show what waits in a till, and edit, requeue or discard what does not get through.")
    {
        Add(new QueueListVerb(runner));
        Add(new QueueShowVerb(runner));
        Add(new QueueEditVerb(runner));
        Add(new QueueRequeueVerb(runner));
        Add(new QueueDiscardVerb(runner));
    }
}
