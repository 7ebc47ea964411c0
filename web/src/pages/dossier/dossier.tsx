// SPDX-License-Identifier: Apache-2.0
//
// One dossier: what is asked for, how far it is, what is in it, what is
// missing, and what proves it.
import './dossier.css';

import { nameOf } from '../../api/laws';
import type { Dossier as DossierRecord, Examined } from '../../api/types';
import { Answered } from '../../parts/answered';
import { PrintButton } from '../../parts/print-button';
import { Status } from '../../parts/status';
import { Title } from '../../parts/title';
import { UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import type { PageProps } from '../../shell/page';
import { formatDays, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { MakingLink } from '../making/link';
import { Components } from './components';
import { History } from './history';
import { Opinions } from './opinions';
import { SealBox } from './seal';
import { Timeline } from './timeline';

/** The day by whose names the dossier speaks. */
function dayOf(dossier: DossierRecord): string {
	return typeof dossier.date === 'string' ? dossier.date : (dossier.date.to ?? today());
}

function Awards({ dossier }: { dossier: DossierRecord }) {
	return (
		<ul class="plain">
			{dossier.awards?.map(({ award, subject }, i) => (
				<li key={i}>
					{nameOf('awards', award)} – {subject.name ?? say('subject.count', { count: subject.count ?? 1 })}{' '}
					<span class="hint">{sayCode('subject', subject.kind)}</span>
				</li>
			))}
		</ul>
	);
}

function Facts({ dossier }: { dossier: DossierRecord }) {
	return (
		<dl class="facts">
			<dt>{say('dossier.status')}</dt>
			<dd>
				<Status status={dossier.status} />
			</dd>
			<dt>{say('dossier.unit')}</dt>
			<dd>
				<UnitLink id={dossier.unit} day={dayOf(dossier)} />
			</dd>
			{dossier.awards && (
				<>
					<dt>{say('dossier.awards')}</dt>
					<dd>
						<Awards dossier={dossier} />
					</dd>
				</>
			)}
			<dt>{say('dossier.date')}</dt>
			<dd>{formatDays(dossier.date)}</dd>
			{dossier.period && (
				<>
					<dt>{say('dossier.period')}</dt>
					<dd>{formatDays(dossier.period)}</dd>
				</>
			)}
			<dt>{say('dossier.code')}</dt>
			<dd>{dossier.code ?? dossier.id}</dd>
		</dl>
	);
}

export default function Dossier({ words }: PageProps) {
	const path = `/dossiers/${encodeURIComponent(words['id']!)}`;
	const answer = useAnswer<DossierRecord>(path);
	const examined = useAnswer<{ files: Examined[] }>(answer.value ? `${path}/examinations` : null);

	return (
		<Answered answer={answer}>
			{(dossier) => (
				<>
					<Title text={dossier.title} />
					<Facts dossier={dossier} />
					<MakingLink dossier={dossier} />
					<Timeline dossier={dossier} />
					<Components dossier={dossier} path={path} examined={examined} />
					<Opinions dossier={dossier} />
					<SealBox dossier={dossier} path={path} />
					<History path={path} />
					<PrintButton />
				</>
			)}
		</Answered>
	);
}
