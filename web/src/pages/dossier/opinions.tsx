// SPDX-License-Identifier: Apache-2.0
import type { Dossier } from '../../api/types';
import { Person } from '../../parts/person';
import { formatTime } from '../../words/format';
import { say } from '../../words/words';

export function Opinions({ dossier }: { dossier: Dossier }) {
	if (!dossier.opinions?.length) {
		return null;
	}
	return (
		<section>
			<h2>{say('opinions')}</h2>
			<ul class="plain">
				{dossier.opinions.map((opinion, i) => (
					<li key={i} class="file">
						<p>
							<Person id={opinion.by} /> <span class="hint">{formatTime(opinion.at)}</span>
							{opinion.agree !== undefined &&
								` · ${say(opinion.agree ? 'opinions.yes' : 'opinions.no')}`}
						</p>
						<p>{opinion.text}</p>
					</li>
				))}
			</ul>
		</section>
	);
}
