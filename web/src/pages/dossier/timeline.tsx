// SPDX-License-Identifier: Apache-2.0
import { nameOf, rowOf } from '../../api/laws';
import type { Dossier, Step } from '../../api/types';
import { Person } from '../../parts/person';
import { formatTime } from '../../words/format';
import { say } from '../../words/words';

function Done({ step, isLast }: { step: Step; isLast: boolean }) {
	return (
		<li class="step" aria-current={isLast ? 'step' : undefined}>
			<strong>{nameOf('dossier-statuses', step.status)}</strong>
			<p>
				{formatTime(step.at)} · <Person id={step.by} />
				{step.role !== 'creator' && ` (${nameOf('roles', step.role)})`}
			</p>
			{step.reason && <p>{say('timeline.reason', { reason: step.reason })}</p>}
		</li>
	);
}

/** What has been done, by whom and when, and what may follow. */
export function Timeline({ dossier }: { dossier: Dossier }) {
	const procedure = dossier.procedure ?? 'full';
	const nexts = (rowOf('dossier-statuses', dossier.status)?.next ?? []).filter(
		(next) => next.procedure?.includes(procedure) ?? true,
	);

	return (
		<section>
			<h2>{say('timeline')}</h2>
			<ol class="steps">
				{dossier.steps.map((step, i) => (
					<Done key={i} step={step} isLast={i === dossier.steps.length - 1} />
				))}
			</ol>
			{nexts.length > 0 && (
				<>
					<h3>{say('timeline.next')}</h3>
					<ul>
						{nexts.map((next) => (
							<li key={next.to + next.roles.join()}>
								{nameOf('dossier-statuses', next.to)}{' '}
								<span class="hint">
									{say('timeline.by', {
										roles: next.roles.map((role) => nameOf('roles', role)).join(', '),
									})}
								</span>
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}
