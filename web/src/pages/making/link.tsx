// SPDX-License-Identifier: Apache-2.0
import { rowOf } from '../../api/laws';
import { session } from '../../api/session';
import type { Dossier } from '../../api/types';
import { say } from '../../words/words';

const makers = ['subject', 'unit_clerk', 'unit_head', 'archivist'];
const adders = ['unit_clerk', 'specialist', 'records_clerk', 'archivist'];

/** From a dossier to where it is changed, for those who may be let do so. */
export function MakingLink({ dossier }: { dossier: Dossier }) {
	const openness = rowOf('dossier-statuses', dossier.status)?.components ?? 'none';
	const isMaking = openness === 'change' || dossier.status === 'returned';
	const wanted = isMaking ? makers : openness === 'add' ? adders : [];

	if (!session.value?.roles.some((role) => wanted.includes(role.role))) {
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
