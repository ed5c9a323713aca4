"""The one kind of array that the assessment computes with."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
