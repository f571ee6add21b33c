import type { NetworkWatch } from './till.js';

/** What the client needs of `Network` of `@capacitor/network`. */
export interface CapacitorNetwork {
  getStatus(): Promise<{ connected: boolean }>;
  addListener(event: 'networkStatusChange', listener: (status: { connected: boolean }) => void): Promise<{ remove(): Promise<void> }>;
}

export function networkOf(network: CapacitorNetwork): NetworkWatch {
  return {
    isConnected: async () => (await network.getStatus()).connected,
    watch: async changed => {
      const handle = await network.addListener('networkStatusChange', status => changed(status.connected));
      return () => handle.remove();
    },
  };
}
