//! The practice cloud: a simulated Azure Resource Manager on loopback. It knows nothing of the engine or of screens.
