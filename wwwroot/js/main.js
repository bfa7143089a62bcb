// Starts the circuit and the small behaviours. Everything works by delegation on the document: nothing is attached to
// elements that Blazor owns, so nothing leaks when it removes them.
import { startConnection, connectionOptions } from './connection.js';
import { startDrafts } from './drafts.js';
import './wellformed.js';
import './activity.js';
import './shell.js';
import './dialog.js';
import './combobox.js';
import './mention.js';
import './menu.js';
import './tabs.js';
import './datefield.js';
import './print.js';
import './keyboard.js';
import './feed.js';
import './plot.js';
import './lanes.js';

startDrafts();
startConnection();
await window.Blazor.start({ circuit: { reconnectionOptions: connectionOptions } });
document.documentElement.dataset.started = '';
