// SPDX-License-Identifier: Apache-2.0
import { nameOf } from '../api/laws';

const ended = new Set(['decided', 'closed', 'archived', 'transferred']);
const stopped = new Set(['returned', 'rejected', 'revoked', 'disposed']);

/** A dossier's status by its name; the colour only repeats what the word says. */
export function Status({ status }: { status: string }) {
	const tone = ended.has(status) ? 'good' : stopped.has(status) ? 'bad' : 'open';

	return <span class={`badge badge-${tone}`}>{nameOf('dossier-statuses', status)}</span>;
}
