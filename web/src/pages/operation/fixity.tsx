// SPDX-License-Identifier: Apache-2.0
//
// What the check that reads everything again and again has seen and found.
import type { Fixity } from '../../api/types';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { formatAgo, formatLength, formatNumber, formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';

const SHOWN = 20;

function Harmed({ record }: { record: string }) {
	const [kind, id] = record.split(/\/(.*)/, 2);

	return kind === 'dossier' && id ? (
		<a href={`/ho-so/${encodeURIComponent(id)}`}>{record}</a>
	) : (
		<>{record}</>
	);
}

function Findings({ fixity }: { fixity: Fixity }) {
	return (
		<ul>
			{fixity.findings.slice(0, SHOWN).map((finding) => (
				<li key={finding.where}>
					{sayCode('damage', finding.code)} <code>{finding.where}</code>{' '}
					<span class="hint">{formatTime(finding.found_at)}</span>
					{finding.harmed.length > 0 && (
						<>
							<br />
							{say('fixity.harms')}{' '}
							{finding.harmed.slice(0, SHOWN).map((record, i) => (
								<span key={record}>
									{i > 0 && ', '}
									<Harmed record={record} />
								</span>
							))}
						</>
					)}
				</li>
			))}
		</ul>
	);
}

export function FixitySection() {
	const answer = useAnswer<Fixity>('/fixity');

	return (
		<section aria-label={say('fixity.title')}>
			<h2>{say('fixity.title')}</h2>
			{answer.problem?.status === 404 ? (
				<p class="note note-bad">{say('fixity.off')}</p>
			) : (
				<Answered answer={answer}>
					{(fixity) => (
						<>
							<div class={`note note-${fixity.damaged > 0 || fixity.canary_missed ? 'bad' : 'good'}`}>
								<p>
									{fixity.damaged > 0
										? say('fixity.damaged', { count: formatNumber(fixity.damaged) })
										: say('fixity.whole')}
								</p>
								{fixity.canary_missed && <p>{say('fixity.missed')}</p>}
								<Findings fixity={fixity} />
							</div>
							<dl class="facts">
								<dt>{say('fixity.unchecked')}</dt>
								<dd>{formatLength(Date.now() * 1000 - fixity.oldest_unchecked)}</dd>
								<dt>{say('fixity.pass')}</dt>
								<dd>
									{fixity.last_ended
										? `${formatTime(fixity.last_ended)} (${formatAgo(fixity.last_ended)})`
										: say('fixity.first')}
								</dd>
								<dt>{say('fixity.canary')}</dt>
								<dd>
									{fixity.canary_found ? formatTime(fixity.canary_found) : say('fixity.not-yet')}
								</dd>
							</dl>
						</>
					)}
				</Answered>
			)}
		</section>
	);
}
