// Commands come in as lines of JSON on standard input, answers and events go out the same way.
import { createInterface } from 'node:readline';

export const say = message => process.stdout.write(JSON.stringify(message) + '\n');

/** Serves each command by its name; a fault is an answer too. Ends with standard input. */
export async function serve(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, name, args } = JSON.parse(line);
    try {
      say({ id, result: (await commands[name](...args)) ?? null });
    } catch (fault) {
      say({ id, error: String(fault?.message ?? fault) });
    }
  }
  process.exit(0);
}
