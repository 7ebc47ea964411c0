// SPDX-License-Identifier: Apache-2.0
//
// Why something was not done, in the reader's language where the server has
// other words for it than those of its log.
import type { Reasoned } from '../api/types';
import { language } from '../words/words';

export function Reason({ of }: { of: Reasoned }) {
	const isLocal = language.value === 'vi' && of.vietnamese !== undefined;

	return of.reason ? (
		<span class="hint" lang={isLocal ? 'vi' : 'en'}>
			{isLocal ? of.vietnamese : of.reason}
		</span>
	) : null;
}
