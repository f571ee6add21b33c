/** What a till needs to reach its host; the key is a secret. */
export interface DeviceCredentials {
  host: string;
  terminal?: string;
  key?: string;
  /** Of a registration whose answer has not arrived: the random text under which it may be repeated. */
  attempt?: string;
}

/** Where the credentials are kept: on a device in its secure storage, never in the database that is synced or backed up with it. */
export interface CredentialStore {
  read(): Promise<DeviceCredentials | null>;
  write(credentials: DeviceCredentials): Promise<void>;
}
