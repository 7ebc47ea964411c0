// SPDX-License-Identifier: Apache-2.0
import type { Subject } from '../api/types';
import { say } from '../words/words';

/** Who is meant, by name; else how many. */
export function whomOf(subject: Subject): string {
	return subject.name ?? say('subject.count', { count: subject.count ?? 1 });
}

/** The same; a collective that is a unit of the tree leads to its page. */
export function Whom({ subject }: { subject: Subject }) {
	return subject.unit ? <a href={`/don-vi/${subject.unit}`}>{whomOf(subject)}</a> : <>{whomOf(subject)}</>;
}
