// SPDX-License-Identifier: Apache-2.0
import { rowOf } from '../../api/laws';
import type { Dossier } from '../../api/types';
import { say } from '../../words/words';

/** From a dossier to where it is changed, for those who may change it. */
export function MakingLink({ dossier }: { dossier: Dossier }) {
	const openness = rowOf('dossier-statuses', dossier.status)?.components ?? 'none';
	const isMaking = openness === 'change' || dossier.status === 'returned';

	if (!isMaking && openness !== 'add') {
		return null;
	}
	return (
		<p>
			<a class="button" href={`/ho-so/${dossier.id}/sua`}>
				{say(isMaking ? 'making.link' : 'making.link.add')}
			</a>
		</p>
	);
}
