using System.Net.Sockets;
using System.Text;

namespace PayFlow.Admin.Commands;

/// <summary>Tells systemd how a service stands, where it runs under one (https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html); elsewhere nothing.</summary>
internal sealed class ServiceManager(Func<string, string?> environment)
{
    private const string SocketVariable = "NOTIFY_SOCKET";

    private readonly string? _socket = environment(SocketVariable) is { Length: > 1 } path ? path : null;

    /// <param name="assignment">Such as <c>READY=1</c>.</param>
    public void Tell(string assignment)
    {
        if (_socket is null)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An abstract name begins with @ here and with NUL in the kernel.
            socket.Connect(new UnixDomainSocketEndPoint(_socket[0] == '@' ? '\0' + _socket[1..] : _socket));
            socket.Send(Encoding.UTF8.GetBytes(assignment.ReplaceLineEndings(" ")));
        }
        catch (SocketException)
        {
            // Nobody listens any more: the manager itself restarts, and asks for nothing that was said before.
        }
    }
}
