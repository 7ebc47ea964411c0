// SPDX-License-Identifier: Apache-2.0
import type { Day, DocumentRecord } from '../api/types';
import { UnitLink } from './unit-link';

/** Who issued a document: a unit of ours as a link, another by its name. */
export function Issuer({ of, day }: { of: DocumentRecord['issuer']; day: Day }) {
	return of?.unit ? <UnitLink id={of.unit} day={day} /> : <>{of?.name}</>;
}
