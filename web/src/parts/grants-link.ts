// SPDX-License-Identifier: Apache-2.0
//
// The way from a number to the grants that it counts.
import { withQuery } from '../api/client';
import { mayEver } from '../api/session';
import type { Day } from '../api/types';

/** Which grants: the words of GET /units/{id}/grants and /counts. */
export interface Counted {
	unit?: string;
	from?: Day;
	to?: Day;
	award?: string;
	level?: string;
	subject?: string;
	attribute?: string;
}

/** The page that shows them, '' for who may not read them; what `counted` leaves open is as in `around`. */
export function grantsLink(around: Counted, counted: Counted = {}): string {
	return mayEver('grant.read') ? withQuery('/khen-thuong', { ...around, ...counted }) : '';
}
