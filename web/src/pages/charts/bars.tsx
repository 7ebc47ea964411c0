// SPDX-License-Identifier: Apache-2.0
//
// Bars across, a line each: the name, the bar, the number.
import { formatNumber } from '../../words/format';
import { useWidth } from './width';

export interface Bar {
	name: string;
	value: number;
	/** Where its grants are; '' where no list has just these. */
	href: string;
	/** Of the palette. */
	tone?: string;
}

const LINE = 46; // the name, and the bar below it
const NAME = 16;
const THICK = 18;
const NUMBER = 64; // room for it behind the longest bar

/** As many letters as have room. */
function clip(name: string, room: number): string {
	const letters = Math.floor(room / 7.5);

	return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}

export function Bars({ label, bars }: { label: string; bars: Bar[] }) {
	const [box, width] = useWidth<HTMLDivElement>();
	const most = Math.max(1, ...bars.map(({ value }) => value));
	const room = Math.max(10, width - NUMBER);

	return (
		<div ref={box} class="chart">
			<svg width={width} height={bars.length * LINE} role="group" aria-label={label}>
				{bars.map((bar, i) => {
					const y = i * LINE;
					const long = Math.max(2, Math.round((bar.value / most) * room));
					const drawn = (
						<>
							<rect class="touch" x={0} y={y} width={width} height={LINE} />
							<text x={0} y={y + NAME - 2}>
								{clip(bar.name, width)}
							</text>
							<rect class={`tone-${bar.tone ?? 'one'}`} x={0.5} y={y + NAME + 4} width={long} height={THICK} />
							<text class="number" x={long + 6} y={y + NAME + THICK}>
								{formatNumber(bar.value)}
							</text>
						</>
					);

					return bar.href === '' ? (
						<g key={i}>{drawn}</g>
					) : (
						<a key={i} href={bar.href}>
							{drawn}
						</a>
					);
				})}
			</svg>
		</div>
	);
}
