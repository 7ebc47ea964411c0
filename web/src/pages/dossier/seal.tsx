// SPDX-License-Identifier: Apache-2.0
import { addressOf } from '../../api/client';
import type { Dossier } from '../../api/types';
import { formatSize, formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';

/** The signed container: what it is worth, and how anybody checks it. */
export function SealBox({ dossier, path, mayTake }: { dossier: Dossier; path: string; mayTake: boolean }) {
	const { seal } = dossier;

	return (
		<section>
			<h2>{say('seal')}</h2>
			{!seal?.sha256 ? (
				<p>{say(seal ? 'seal.waits' : 'seal.none')}</p>
			) : (
				<>
					<dl class="facts">
						<dt>{say('seal.at')}</dt>
						<dd>{formatTime(seal.at)}</dd>
						<dt>{say('seal.level')}</dt>
						<dd>{sayCode('level', seal.level ?? '')}</dd>
						{seal.stamped_at && (
							<>
								<dt>{say('seal.stamped')}</dt>
								<dd>{formatTime(seal.stamped_at)}</dd>
							</>
						)}
						<dt>SHA-256</dt>
						<dd>
							<code>{seal.sha256}</code>
						</dd>
					</dl>
					{mayTake && <p>
						<a class="button" href={addressOf(`${path}/package`)} download>
							{say('seal.download', { size: formatSize(seal.size ?? 0) })}
						</a>
					</p>}
					<p>{say('seal.check')}</p>
					<pre>
						<code>{`hoso verify ${dossier.id}.asice\nunzip -p ${dossier.id}.asice README.txt`}</code>
					</pre>
				</>
			)}
		</section>
	);
}
