// SPDX-License-Identifier: Apache-2.0
//
// What is installed beside the server, what it offers, and what was refused.
import { useState } from 'preact/hooks';

import { mayEver } from '../../api/session';
import type { Plugins as PluginsAnswer } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Confirm } from '../../parts/dialog';
import { Reason } from '../../parts/reason';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { say } from '../../words/words';
import { AdminMenu } from '../admin/menu';

type Plugin = PluginsAnswer['plugins'][number];

const kinds = ['reports', 'formats', 'rankings', 'sinks'] as const;

function Offers({ plugin }: { plugin: Plugin }) {
	return (
		<ul class="plain">
			{kinds.flatMap((kind) =>
				(plugin[kind] ?? []).map((offer) => (
					<li key={`${kind} ${offer.name}`}>
						{say(`plugins.${kind}`)}: <code>{offer.name}</code>
					</li>
				)),
			)}
		</ul>
	);
}

function confinedBy(plugin: Plugin): string {
	const walls = [
		plugin.confined?.seccomp && 'seccomp',
		plugin.confined?.landlock && 'Landlock',
	].filter(Boolean);

	return walls.length > 0 ? walls.join(', ') : say('plugins.open');
}

function Installed({ plugins }: { plugins: Plugin[] }) {
	if (plugins.length === 0) {
		return <p>{say('plugins.none')}</p>;
	}
	return (
		<table class="rows">
			<thead>
				<tr>
					<th scope="col">{say('plugins.name')}</th>
					<th scope="col">{say('plugins.offers')}</th>
					<th scope="col">{say('plugins.confined')}</th>
					<th scope="col">{say('plugins.file')}</th>
				</tr>
			</thead>
			<tbody>
				{plugins.map((plugin) => (
					<tr key={plugin.sha256}>
						<td data-label={say('plugins.name')}>
							{plugin.name} <span class="hint">{plugin.version}</span>
						</td>
						<td data-label={say('plugins.offers')}>
							<Offers plugin={plugin} />
						</td>
						<td data-label={say('plugins.confined')}>{confinedBy(plugin)}</td>
						<td data-label={say('plugins.file')}>
							<code>{plugin.file}</code>
							<br />
							<span class="hint">SHA-256 </span>
							<br />
							<code class="sum">{plugin.sha256}</code>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Refused({ refused }: { refused: PluginsAnswer['refused'] }) {
	return (
		<>
			<h2>{say('plugins.refused')}</h2>
			{refused.length === 0 ? (
				<p>{say('plugins.refused.none')}</p>
			) : (
				<ul>
					{refused.map((one) => (
						<li key={one.file}>
							<code>{one.file}</code>: <Reason of={one} />
							{one.again && <> {say('plugins.refused.again')}</>}
						</li>
					))}
				</ul>
			)}
		</>
	);
}

function Reload({ onDone }: { onDone: () => void }) {
	const [isAsked, setAsked] = useState(false);
	const change = useChange<PluginsAnswer>();

	async function reload() {
		if (await change.run('POST', '/plugins/reload')) {
			setAsked(false);
			onDone();
		}
	}

	return (
		<>
			{change.done && !isAsked && <p role="status">{say('plugins.reloaded')}</p>}
			<button
				type="button"
				onClick={() => {
					change.reset();
					setAsked(true);
				}}
			>
				{say('plugins.reload')}
			</button>
			{isAsked && (
				<Confirm
					title={say('plugins.reload.ask')}
					doing={say('plugins.reload')}
					isBusy={change.isBusy}
					problem={change.problem}
					onDo={() => void reload()}
					onClose={() => setAsked(false)}
				>
					<p>{say('plugins.reload.means')}</p>
				</Confirm>
			)}
		</>
	);
}

export default function Plugins() {
	const answer = useAnswer<PluginsAnswer>('/plugins');
	const mayReload = mayEver('plugin.write');

	return (
		<>
			<AdminMenu />
			<Title text={say('plugins.title')} />
			<p class="hint">{say('plugins.trust')}</p>
			<Answered answer={answer}>
				{({ plugins, refused }) => (
					<>
						<Installed plugins={plugins} />
						<Refused refused={refused} />
						{mayReload && <Reload onDone={answer.again} />}
					</>
				)}
			</Answered>
		</>
	);
}
