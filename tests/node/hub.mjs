// The hub as programs use it: Microsoft's own JavaScript client.
import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { say, serve } from './lines.mjs';

let connection;

await serve({
  async connect(url, token, reconnectAfter) {
    connection = new HubConnectionBuilder()
      .withUrl(url, { accessTokenFactory: () => token })
      .withAutomaticReconnect(Array(300).fill(reconnectAfter))
      .configureLogging(LogLevel.None)
      .build();
    connection.on('Advanced', (patient, cursor) => say({ event: 'advanced', patient, cursor }));
    connection.onreconnecting(() => say({ event: 'reconnecting' }));
    connection.onreconnected(() => say({ event: 'reconnected' }));
    connection.onclose(() => say({ event: 'closed' }));
    await connection.start();
  },
  watch: (patient, cursor) => connection.invoke('Watch', patient, cursor),
  unwatch: patient => connection.invoke('Unwatch', patient),
  invoke: (method, ...args) => connection.invoke(method, ...args),
  stop: () => connection.stop(),
});
