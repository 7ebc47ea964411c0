// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

/** Numbers lead here; it has no place of its own in the navigation. */
export const grants: Page = {
	path: '/khen-thuong',
	load: () => import('./grants'),
};
