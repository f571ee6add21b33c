using System.Net.NetworkInformation;

namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>Hears from the operating system that the machine has got a network, or another one: a cable, a mobile line. Not every system tells; the host's events are tried again in any case.</summary>
internal sealed class NetworkWatch : IDisposable
{
    private readonly Action _changed;

    public NetworkWatch(Action changed)
    {
        _changed = changed;
        NetworkChange.NetworkAddressChanged += OnAddressChanged;
        NetworkChange.NetworkAvailabilityChanged += OnAvailabilityChanged;
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnAddressChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnAvailabilityChanged;
    }

    private void OnAddressChanged(object? sender, EventArgs e) => _changed();

    private void OnAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e)
    {
        if (e.IsAvailable)
            _changed();
    }
}
