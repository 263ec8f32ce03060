// The commands on the log, a line each.
import { rewrapCommand } from '../audit/rewrap-command.js';
import { verifyCommand } from '../audit/verify-command.js';
import type { Command } from './command.js';
import { eraseAgainCommand } from './erase-again-command.js';
import { exportCommand } from './export-command.js';

export const commands: readonly Command[] = [verifyCommand, exportCommand, eraseAgainCommand, rewrapCommand];
