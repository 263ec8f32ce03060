// Every flow of the console, as an auditor walks it; looking closely on the way.
import type { ServerOptions, TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import * as byKeyboard from './by-keyboard.js';
import * as exporting from './exporting.js';
import * as meeting from './meeting-trouble.js';
import * as overseeing from './overseeing.js';
import * as reading from './reading.js';
import * as revealing from './revealing.js';
import * as searching from './searching.js';
import * as signingIn from './signing-in.js';
import * as watching from './watching.js';

export type Walk = (visit: Visit, server: TestServer) => Promise<void>;

/** What the server needs to have them go as they should. */
export const serverOptions: ServerOptions = {};

export const walks: readonly (readonly [name: string, Walk])[] = [
  ['lets in by a token, keeps it for the tab, and lets out', signingIn.comingAndGoing],
  ['says who may not look, and when a sign-in has ended', signingIn.notBeingAllowed],
  ['leaves it to the server whether a token has ended', signingIn.withAWrongClock],
  ['changes the language by a click', signingIn.changingTheLanguage],
  ['finds records by every condition, all of it in the address', searching.byEveryCondition],
  ['finds records by what for, in words or by code', searching.byPurpose],
  ["finds a person's records and writes nowhere whose", searching.byPerson],
  ['opens a record by the number that a caller has', searching.byRequestId],
  ['scrolls through ten thousand records', searching.tenThousand],
  ['shows records as they come, and stops when asked', watching.live],
  ['shows how calls ended that came live while they ran', watching.endings],
  ['leaves no gap where more came than it keeps', watching.farBehind],
  ['catches up after a break', watching.afterABreak],
  ['says that something is missing after a break', watching.withAGap],
  ['shows the first record of its kind as it comes', watching.theFirstOfItsKind],
  ['listens again after a fault, or says why it does not', watching.notListening],
  ['says that the sign-in has ended where the live log is told so', watching.refused],
  ['shows a record with what its codes mean', reading.oneRecord],
  ['shows how a record that is open ended', reading.anEnding],
  ['proves a record in the browser, and says what does not fit', reading.itsProof],
  ['sees that an entry is forged', reading.aForgedEntry],
  ['checks signatures where the browser cannot, and says where nobody can', reading.withoutCryptography],
  ['reveals a record to an admin who says why', revealing.revealing],
  ['erases a person', revealing.erasing],
  ['shows nobody in the clear who is erased', revealing.erasingWhatIsShown],
  ['offers auditors nothing that is for admins', revealing.asAnAuditor],
  ['exports as CSV and NDJSON', exporting.asDownload],
  ['exports straight into a file, stops, and says what broke', exporting.straightIntoAFile],
  ['sums up', overseeing.theSummary],
  ["asks for today's budgets anew", overseeing.theBudgets],
  ['shows providers and their breakers', overseeing.theProviders],
  ['says whether the log is intact', overseeing.theIntegrity],
  ['tells what is not there, and keeps what was', meeting.trouble],
  ['goes on after a page that did not come', meeting.halfAList],
  ['asks again for what did not come', meeting.noFirstPage],
  ['keeps the rest of a page of which a part cannot be loaded', meeting.halfAPage],
  ['by keyboard: reads and proves a record, and comes back to the list', byKeyboard.reading],
  ['by keyboard: searches and exports', byKeyboard.searchingAndExporting],
  ['by keyboard: reveals and erases', byKeyboard.revealingAndErasing],
];

/** Enough of them to see every kind of element in the dark. */
export const walksInTheDark = walks.filter(([, walk]) =>
  [signingIn.comingAndGoing, searching.byEveryCondition, reading.itsProof, overseeing.theSummary].includes(
    walk,
  ),
);
